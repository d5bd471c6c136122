"""Show again what another person has withheld."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.confirm_withholding import decidable, record_decision
from stories.actions.errors import Refused
from stories.actions.people import Actor
from stories.models import Withholding, WithholdingDecision


@transaction.atomic
def lift_withholding(
    *, withholding: Withholding, user: Actor, reason: str, at: datetime | None = None
) -> WithholdingDecision:
    """Let readers see again what is withheld, confirmed or not; returns the decision.

    Raises PermissionDenied; Refused without a reason, for who withheld it, and where it is shown already.
    """
    standing = decidable(withholding, user)
    if not reason.strip():
        raise Refused(_("Say why it is shown again. Readers don’t see this."))
    return record_decision(standing, lifted=True, user=user, reason=reason, at=at or timezone.now())

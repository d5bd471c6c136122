"""Show again what another person has withheld."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.confirm_withholding import decidable, record_decision
from stories.actions.people import Actor
from stories.actions.second_person import decides_as_second_person
from stories.actions.sentences import require_reason
from stories.models import Withholding, WithholdingDecision


@decides_as_second_person
def lift_withholding(
    *, withholding: Withholding, user: Actor, reason: str, at: datetime | None = None
) -> WithholdingDecision:
    """Let readers see again what is withheld, confirmed or not; returns the decision.

    Raises PermissionDenied; Refused without a reason, for who withheld it or may be the same person, and where it is
    shown already.
    """
    at = at or timezone.now()
    standing, tied = decidable(withholding, user, at=at)
    require_reason(reason, _("Say why it is shown again. Readers don’t see this."))
    return record_decision(standing, lifted=True, tied=tied, user=user, reason=reason, at=at)

"""Confirm what another person has withheld."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import append_entry, write_event
from stories.actions.errors import Refused
from stories.actions.people import Actor, require_withhold, signed
from stories.actions.revise import lock
from stories.actions.rewrite_withheld import rewrite_withheld
from stories.models import Withholding, WithholdingDecision
from stories.queries.withheld import standing_withholdings


@transaction.atomic
def confirm_withholding(
    *, withholding: Withholding, user: Actor, reason: str = "", at: datetime | None = None
) -> WithholdingDecision:
    """Say that what is withheld stays so; returns the decision.

    Raises PermissionDenied; Refused for who withheld it, and where it is decided on already.
    """
    standing = decidable(withholding, user)
    if standing.decided is not None:
        raise Refused(_("This is confirmed already."))
    return record_decision(standing, lifted=False, user=user, reason=reason, at=at or timezone.now())


def decidable(withholding: Withholding, user: Actor) -> Any:
    """The withholding as it stands, its story locked, for who may decide on it; raises PermissionDenied, Refused."""
    require_withhold(user)
    lock(withholding.article)
    standing = standing_withholdings().filter(pk=withholding.pk).first()
    if standing is None:
        raise Refused(_("This is shown again already."))
    if standing.user_id == user.pk:
        raise Refused(_("You withheld this yourself. Another managing editor confirms or lifts it."))
    return standing


def record_decision(
    withholding: Withholding, *, lifted: bool, user: Actor, reason: str, at: datetime
) -> WithholdingDecision:
    """Write what was decided, for who holds the story's lock."""
    decision = WithholdingDecision(
        article=withholding.article,
        withholding=withholding,
        lifted=lifted,
        reason=reason,
        **signed(user, at),
    )
    write_event(decision)
    assert withholding.article_id is not None
    if lifted:
        rewrite_withheld(withholding.article_id)
    append_entry(decision)
    return decision

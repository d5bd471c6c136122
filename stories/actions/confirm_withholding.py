"""Confirm what another person has withheld."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_withhold, signed
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.revise import lock
from stories.actions.rewrite_withheld import rewrite_withheld
from stories.actions.second_person import decides_as_second_person, report, require_second_person
from stories.models import SecondPersonCheck, Withholding, WithholdingDecision
from stories.queries.publishing.withholdings import standing_withholdings


@decides_as_second_person
def confirm_withholding(
    *, withholding: Withholding, user: Actor, reason: str = "", at: datetime | None = None
) -> WithholdingDecision:
    """Say that what is withheld stays so; returns the decision.

    Raises PermissionDenied; Refused for who withheld it, or may be the same person, and where it is decided on already.
    """
    at = at or timezone.now()
    standing, tied = decidable(withholding, user, at=at)
    if standing.decided is not None:
        raise Refused(_("This is confirmed already."))
    return record_decision(standing, lifted=False, tied=tied, user=user, reason=reason, at=at)


def decidable(withholding: Withholding, user: Actor, *, at: datetime) -> tuple[Any, list[SecondPersonCheck]]:
    """The withholding as it stands, its story locked, and what to report of who decides on it.

    Raises PermissionDenied; Refused for who withheld it, or may be the same person.
    """
    require_withhold(user)
    lock(withholding.article)
    standing = standing_withholdings().filter(pk=withholding.pk).first()
    if standing is None:
        raise Refused(_("This is shown again already."))
    tied = require_second_person(
        standing,
        user,
        permission="stories.withhold_article",
        yourself=_("You withheld this yourself. Another managing editor confirms or lifts it."),
        at=at,
    )
    return standing, tied


def record_decision(
    withholding: Withholding,
    *,
    lifted: bool,
    tied: list[SecondPersonCheck],
    user: Actor,
    reason: str,
    at: datetime,
) -> WithholdingDecision:
    """Record what was decided, and what there is to report of who did. The caller must hold the story's lock."""
    decision = WithholdingDecision(
        article=withholding.article,
        withholding=withholding,
        lifted=lifted,
        reason=reason,
        **signed(user, at),
    )
    written = write_event(decision)
    assert withholding.article_id is not None
    if lifted:
        rewrite_withheld(withholding.article_id)
    append_entries(written, *report(tied))
    return decision

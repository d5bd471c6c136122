"""Approve or refuse what another person ordered erased."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.order_erasure import refuse_words
from stories.actions.people import Actor, require_erase, signed
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.revise import lock
from stories.actions.second_person import decides_as_second_person, report, require_second_person
from stories.actions.sentences import require_reason
from stories.models import ErasureApproval, ErasureOrder


@decides_as_second_person
def approve_erasure(
    *, order: ErasureOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> ErasureApproval:
    """Say that an order to erase is to be carried out; returns the approval.

    Raises PermissionDenied; Refused for who ordered it, or may be the same person, and where it is decided on already.
    """
    return _decide(order, approved=True, user=user, reason=reason, at=at)


@decides_as_second_person
def refuse_erasure(
    *, order: ErasureOrder, user: Actor, reason: str, at: datetime | None = None
) -> ErasureApproval:
    """Say that an order to erase is not carried out; returns the decision.

    Raises PermissionDenied; Refused without a reason, for who ordered it or may be the same person, and where it is
    decided on already.
    """
    require_reason(reason, _("Say why nothing is erased."))
    return _decide(order, approved=False, user=user, reason=reason, at=at)


def _decide(
    order: ErasureOrder, *, approved: bool, user: Actor, reason: str, at: datetime | None
) -> ErasureApproval:
    require_erase(user)
    lock(order.article)
    if ErasureApproval.objects.filter(order=order).exists():
        raise Refused(_("This order is decided on already."))
    at = at or timezone.now()
    tied = require_second_person(
        order,
        user,
        permission="stories.erase_article",
        yourself=_("You ordered this yourself. Another managing editor approves or refuses it."),
        at=at,
    )
    refuse_words(order.words, reason)
    decision = ErasureApproval(
        article=order.article,
        order=order,
        approved=approved,
        reason=reason,
        **signed(user, at),
    )
    append_entries(write_event(decision), *report(tied))
    return decision

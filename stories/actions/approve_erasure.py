"""Approve or refuse what another person ordered erased."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import record
from stories.actions.errors import Refused
from stories.actions.order_erasure import refuse_words
from stories.actions.people import Actor, require_erase, signed
from stories.actions.revise import lock
from stories.models import ErasureApproval, ErasureOrder


@transaction.atomic
def approve_erasure(
    *, order: ErasureOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> ErasureApproval:
    """Say that an order to erase is to be carried out; returns the approval.

    Raises PermissionDenied; Refused for who ordered it, and where it is decided on already.
    """
    return _decide(order, approved=True, user=user, reason=reason, at=at)


@transaction.atomic
def refuse_erasure(
    *, order: ErasureOrder, user: Actor, reason: str, at: datetime | None = None
) -> ErasureApproval:
    """Say that an order to erase is not carried out; returns the decision.

    Raises PermissionDenied; Refused without a reason, for who ordered it, and where it is decided on already.
    """
    if not reason.strip():
        raise Refused(_("Say why nothing is erased."))
    return _decide(order, approved=False, user=user, reason=reason, at=at)


def _decide(
    order: ErasureOrder, *, approved: bool, user: Actor, reason: str, at: datetime | None
) -> ErasureApproval:
    require_erase(user)
    lock(order.article)
    if ErasureApproval.objects.filter(order=order).exists():
        raise Refused(_("This order is decided on already."))
    if order.user_id == user.pk:
        raise Refused(_("You ordered this yourself. Another managing editor approves or refuses it."))
    refuse_words(order.words, reason)
    decision = ErasureApproval(
        article=order.article,
        order=order,
        approved=approved,
        reason=reason,
        **signed(user, at or timezone.now()),
    )
    record(decision)
    return decision

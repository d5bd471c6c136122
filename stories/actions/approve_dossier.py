"""Decide on a request for a full dossier: a second person's yes, or no."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import record
from stories.actions.errors import Refused
from stories.actions.people import Actor, require_giving_out, signed
from stories.actions.revise import lock
from stories.models import DossierApproval, DossierOrder
from stories.queries.audit_access import access_of


@transaction.atomic
def approve_dossier(
    *, order: DossierOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> DossierApproval:
    """Let a full dossier be made; returns the DossierApproval.

    Raises PermissionDenied; Refused for who asked for it, or gave the story to the outside auditor who did, and where
    it is decided on already.
    """
    return _decide(order, user, approved=True, reason=reason, at=at)


@transaction.atomic
def refuse_dossier(
    *, order: DossierOrder, user: Actor, reason: str, at: datetime | None = None
) -> DossierApproval:
    """Refuse a full dossier; returns the DossierApproval. Raises what `approve_dossier` does, and without a reason."""
    if not reason.strip():
        raise Refused(_("Say why the dossier is refused. Whoever asked for it reads this."))
    return _decide(order, user, approved=False, reason=reason, at=at)


def _decide(
    order: DossierOrder, user: Actor, *, approved: bool, reason: str, at: datetime | None
) -> DossierApproval:
    at = at or timezone.now()
    require_giving_out(user)
    locked = lock(order.article)
    if user.pk == order.user_id:
        raise Refused(_("You asked for this dossier yourself. Somebody else has to decide on it."))
    access = access_of(order.user_id, locked.pk, at=at) if order.user_id is not None else None
    if access is not None and access.user_id == user.pk:
        # One person could otherwise make an account, give it the story, and let it have the file.
        raise Refused(_("You gave this auditor the story. Somebody else has to decide on the dossier."))
    if DossierApproval.objects.filter(order=order).exists():
        raise Refused(_("This request is decided on already. Nothing was changed."))
    approval = DossierApproval(
        article=locked, order=order, approved=approved, reason=reason.strip(), **signed(user, at)
    )
    record(approval)
    return approval

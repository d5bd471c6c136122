"""Decide on a request for a full dossier: a second person's yes, or no."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_giving_out, signed
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.revise import lock
from stories.actions.second_person import Asker, decides_as_second_person, report, require_second_person
from stories.actions.sentences import require_reason
from stories.models import DossierApproval, DossierOrder
from stories.queries.dossier.access import access_of


@decides_as_second_person
def approve_dossier(
    *, order: DossierOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> DossierApproval:
    """Let a full dossier be made; returns the DossierApproval.

    Raises PermissionDenied; Refused for who asked for it, or gave the story to the outside auditor who did, or may be
    the same person as either, and where it is decided on already.
    """
    return _decide(order, user, approved=True, reason=reason, at=at)


@decides_as_second_person
def refuse_dossier(
    *, order: DossierOrder, user: Actor, reason: str, at: datetime | None = None
) -> DossierApproval:
    """Refuse a full dossier; returns the DossierApproval. Raises what `approve_dossier` does, and without a reason."""
    require_reason(reason, _("Say why the dossier is refused. Whoever asked for it reads this."))
    return _decide(order, user, approved=False, reason=reason, at=at)


def _decide(
    order: DossierOrder, user: Actor, *, approved: bool, reason: str, at: datetime | None
) -> DossierApproval:
    at = at or timezone.now()
    require_giving_out(user)
    locked = lock(order.article)
    access = access_of(order.user_id, locked.pk, at=at) if order.user_id is not None else None
    if access is not None and access.user_id == user.pk:
        # One person could otherwise make an account, give it the story, and let it have the file.
        raise Refused(_("You gave this auditor the story. Somebody else has to decide on the dossier."))
    tied = require_second_person(
        order,
        user,
        permission="stories.export_dossier",
        yourself=_("You asked for this dossier yourself. Somebody else has to decide on it."),
        at=at,
        let_in_by=Asker(pk=access.user_id, name=access.user_name) if access is not None else None,
    )
    if DossierApproval.objects.filter(order=order).exists():
        raise Refused(_("This request is decided on already. Nothing was changed."))
    approval = DossierApproval(
        article=locked, order=order, approved=approved, reason=reason.strip(), **signed(user, at)
    )
    append_entries(write_event(approval), *report(tied))
    return approval

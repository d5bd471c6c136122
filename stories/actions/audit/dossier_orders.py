"""Request, decide on and download a story's full dossier."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require, require_dossier_order, require_giving_out
from stories.actions.record.ledger import append_entries, record, write_event
from stories.actions.second_person import Asker, decides_as_second_person, report, require_second_person
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.models import Article, DossierApproval, DossierDownload, DossierOrder
from stories.queries.dossier.access import access_of


@transaction.atomic
def order_dossier(*, article: Article, user: Actor, reason: str, at: datetime | None = None) -> DossierOrder:
    """Request the full dossier, which somebody else has to approve; return the DossierOrder.

    Raises PermissionDenied; Refused without a reason, or if a request by the same person is undecided.
    """
    at = at or current_time()
    locked = lock(article)
    require_dossier_order(user, locked, at=at)
    require_reason(reason, _("Say who wants the dossier, and what for. Whoever decides on it reads this."))
    if DossierOrder.objects.filter(article=locked, user_id=user.pk, approval__isnull=True).exists():
        raise Refused(_("You have asked for this dossier already; somebody else has to decide on it."))
    order = DossierOrder(article=locked, reason=reason.strip(), **actor_columns(user, at))
    record(order)
    return order


@decides_as_second_person
def approve_dossier(
    *, order: DossierOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> DossierApproval:
    """Approve a request for a full dossier; return the DossierApproval.

    Raises PermissionDenied; Refused for whoever made the request, for whoever gave the story to the outside auditor who
    made it, for an account that may be the same person's as either, and if the request is decided already.
    """
    return _decide(order, user, approved=True, reason=reason, at=at)


@decides_as_second_person
def refuse_dossier(
    *, order: DossierOrder, user: Actor, reason: str, at: datetime | None = None
) -> DossierApproval:
    """Refuse a request for a full dossier; return the DossierApproval.

    Raises what `approve_dossier` raises, and Refused without a reason.
    """
    require_reason(reason, _("Say why the dossier is refused. Whoever asked for it reads this."))
    return _decide(order, user, approved=False, reason=reason, at=at)


def _decide(
    order: DossierOrder, user: Actor, *, approved: bool, reason: str, at: datetime | None
) -> DossierApproval:
    at = at or current_time()
    locked = lock(order.article)
    require_giving_out(user, locked)
    access = access_of(order.user_id, locked.pk, at=at) if order.user_id is not None else None
    if access is not None and access.user_id == user.pk:
        # One person could otherwise create an account, give it the story, and approve its request.
        raise Refused(_("You gave this auditor the story. Somebody else has to decide on the dossier."))
    tied = require_second_person(
        order,
        user,
        permission="stories.export_dossier",
        yourself=_("You asked for this dossier yourself. Somebody else has to decide on it."),
        at=at,
        access_given_by=Asker(pk=access.user_id, name=access.user_name) if access is not None else None,
    )
    if DossierApproval.objects.filter(order=order).exists():
        raise Refused(_("This request is decided on already. Nothing was changed."))
    approval = DossierApproval(
        article=locked, order=order, approved=approved, reason=reason.strip(), **actor_columns(user, at)
    )
    append_entries(write_event(approval), *report(tied))
    return approval


# Counted from the approval; after that, a new request is needed.
HANDED_OUT_FOR: Final = timedelta(days=7)


@transaction.atomic
def download_dossier(*, order: DossierOrder, user: Actor, at: datetime | None = None) -> DossierDownload:
    """Record that somebody receives a full dossier now; return the DossierDownload. Call it before making the file.

    Raises PermissionDenied for anybody but those who requested it and approved it; Refused if it is not approved, or
    was approved too long ago.
    """
    at = at or current_time()
    locked = lock(order.article)
    approval = DossierApproval.objects.filter(order=order).first()
    theirs = user.pk is not None and user.pk in (order.user_id, approval and approval.user_id)
    require(theirs, _("This dossier is for who asked for it and who approved it. Ask for one yourself."))
    require_dossier_order(user, locked, at=at)
    if approval is None:
        raise Refused(_("Nobody has approved this dossier yet."))
    if not approval.approved:
        raise Refused(_("This dossier was refused."))
    if at >= approval.recorded_at + HANDED_OUT_FOR:
        raise Refused(_("This dossier was approved more than seven days ago. Ask for it again."))
    download = DossierDownload(article=locked, order=order, **actor_columns(user, at))
    record(download)
    return download

"""Hand a full dossier over: each time that its file is made is on the record before it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require, require_dossier_order, signed
from stories.actions.record.ledger import record
from stories.actions.revise import lock
from stories.models import DossierApproval, DossierDownload, DossierOrder

# From its approval. Later, whoever still wants it asks anew.
HANDED_OUT_FOR: Final = timedelta(days=7)


@transaction.atomic
def take_dossier(*, order: DossierOrder, user: Actor, at: datetime | None = None) -> DossierDownload:
    """Record that somebody is given a full dossier now; returns the DossierDownload. Make the file after it.

    Raises PermissionDenied for all but who asked for it and who approved it; Refused where it is not approved, or
    was for too long.
    """
    at = at or timezone.now()
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
        raise Refused(_("This dossier was approved more than seven days ago. Ask for it anew."))
    download = DossierDownload(article=locked, order=order, **signed(user, at))
    record(download)
    return download

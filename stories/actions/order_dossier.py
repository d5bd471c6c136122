"""Ask for a story's full dossier as a file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_dossier_order, signed
from stories.actions.record.ledger import record
from stories.actions.revise import lock
from stories.actions.sentences import require_reason
from stories.models import Article, DossierOrder


@transaction.atomic
def order_dossier(*, article: Article, user: Actor, reason: str, at: datetime | None = None) -> DossierOrder:
    """Ask for the full dossier, which somebody else has to approve; returns the DossierOrder.

    Raises PermissionDenied; Refused without a reason, or where the same person's request waits already.
    """
    at = at or timezone.now()
    require_dossier_order(user, article, at=at)
    locked = lock(article)
    require_reason(reason, _("Say who wants the dossier, and what for. Whoever decides on it reads this."))
    if DossierOrder.objects.filter(article=locked, user_id=user.pk, approval__isnull=True).exists():
        raise Refused(_("You have asked for this dossier already; somebody else has to decide on it."))
    order = DossierOrder(article=locked, reason=reason.strip(), **signed(user, at))
    record(order)
    return order

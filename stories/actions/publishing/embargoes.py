"""Set a story's embargo, or lift it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_publish
from stories.actions.record.ledger import record
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.domain.times import FURTHEST_AHEAD
from stories.models import Article, Embargo
from stories.queries.publishing.versions import pending_publication

LATEST_END = FURTHEST_AHEAD


@transaction.atomic
def set_embargo(
    *, article: Article, until: datetime | None, user: Actor, reason: str, at: datetime | None = None
) -> Embargo:
    """Set a story's embargo (`until` aware; None lifts it); return the Embargo.

    Raises PermissionDenied; Refused without a reason, for a naive time, or if a pending publication would break the
    embargo.
    """
    locked = lock(article)
    require_publish(user, locked)
    at = at or current_time()
    embargo = new_embargo(locked, until=until, user=user, reason=reason, at=at)
    pending = pending_publication(locked, at=at)
    if until is not None and pending is not None and pending.live_from < until:
        raise Refused(_("A publication is to go live before the embargo ends. Cancel it first."))
    record(embargo)
    return embargo


def new_embargo(
    article: Article, *, until: datetime | None, user: Actor, reason: str, at: datetime
) -> Embargo:
    """Return an unsaved embargo. Raises Refused without a reason, and for an implausible time."""
    require_reason(reason, _("Say to whom the embargo was promised, or why it is lifted."))
    if until is not None and until.tzinfo is None:
        raise Refused(_("The embargo’s time has no time zone. Give it one."))
    if until is not None and not at < until <= at + LATEST_END:
        raise Refused(_("Choose an embargo’s end that lies ahead, and within ten years."))
    return Embargo(article=article, until=until, reason=reason.strip(), **actor_columns(user, at))

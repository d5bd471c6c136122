"""Promise not to publish a story before a time, or lift the promise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import append_entry
from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_publish
from stories.actions.revise import lock
from stories.models import Article, Embargo
from stories.models.recording import append
from stories.queries.versions import pending_publication


@transaction.atomic
def set_embargo(
    *, article: Article, until: datetime | None, user: Actor, reason: str, at: datetime | None = None
) -> Embargo:
    """Set a story's embargo (`until` aware; None lifts it); returns the Embargo.

    Raises PermissionDenied; Refused without a reason, for a naive time, or where a pending publication
    would break the promise.
    """
    at = at or timezone.now()
    require_publish(user)
    locked = lock(article)
    if not reason.strip():
        raise Refused(_("Say to whom the embargo was promised, or why it is lifted."))
    if until is not None and until.tzinfo is None:
        raise Refused(_("The embargo’s time has no time zone. Give it one."))
    pending = pending_publication(locked, at=at)
    if until is not None and pending is not None and pending.live_from < until:
        raise Refused(_("A publication is to go live before the embargo ends. Cancel it first."))
    embargo = Embargo(
        article=locked,
        until=until,
        reason=reason.strip(),
        user_id=user.pk,
        user_name=name_of(user),
        recorded_at=at,
    )
    append(embargo)
    append_entry(embargo)
    return embargo

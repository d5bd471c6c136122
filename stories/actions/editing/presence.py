"""Store who has a story open. It is part of neither the story nor the record, and is deleted within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from stories.actions.actors import Actor, name_of
from stories.actions.permissions import NEWSROOM_ONLY, may_see, require
from stories.models import Article, Presence

# For browsers that were closed without saying so.
_DELETED_AFTER: Final = timedelta(hours=1)


def touch_presence(*, article: Article, user: Actor, at: datetime) -> None:
    """Store that somebody has a story open, as of a time. Raises PermissionDenied."""
    _require_may_see(user, article)
    now = {"user_name": name_of(user), "seen_at": at}
    if Presence.objects.filter(article=article, user_id=user.pk).update(**now):
        return
    Presence.objects.filter(seen_at__lt=at - _DELETED_AFTER).delete()
    # Two windows of one person may report at the same moment.
    Presence.objects.bulk_create(
        [Presence(article=article, user_id=user.pk, **now)],
        update_conflicts=True,
        unique_fields=["article", "user_id"],
        update_fields=["user_name", "seen_at"],
    )


def clear_presence(*, article: Article, user: Actor) -> None:
    """Delete that somebody has a story open. Raises PermissionDenied."""
    _require_may_see(user, article)
    Presence.objects.filter(article=article, user_id=user.pk).delete()


def _require_may_see(user: Actor, article: Article) -> None:
    require(may_see(user, article), str(NEWSROOM_ONLY))

"""Who has a story open, and what was saved of it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from stories.models.presence import Presence
from stories.models.record.revisions import Revision

# Three times the interval at which a browser reports that somebody is there.
OPEN_FOR: Final = timedelta(minutes=1)


def others_present(article_id: int, *, excluding: int, at: datetime) -> list[str]:
    """Return the names of others who have had a story open within the last minute. One query."""
    open_now = Presence.objects.filter(article_id=article_id, seen_at__gt=at - OPEN_FOR)
    return list(open_now.exclude(user_id=excluding).order_by("user_name").values_list("user_name", flat=True))


def present_in(article_ids: Iterable[int], *, at: datetime) -> dict[int, list[str]]:
    """Return, for those of some stories that somebody has open, the names of who has. One query."""
    names: dict[int, list[str]] = {}
    open_now = Presence.objects.filter(article_id__in=list(article_ids), seen_at__gt=at - OPEN_FOR)
    for article_id, name in open_now.order_by("user_name").values_list("article_id", "user_name"):
        names.setdefault(article_id, []).append(name)
    return names


def newest_save(article_id: int, *, after: int) -> Revision | None:
    """Return an article's newest revision if its number is above `after`. One query."""
    later = Revision.objects.filter(article_id=article_id, number__gt=after)
    return later.only("number", "user_id", "user_name", "recorded_at").order_by("-number").first()

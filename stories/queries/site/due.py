"""What changes on readers' pages by itself, because its time comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min

from stories.models import DevelopingMode, Publication

# So long before a version goes live, its pages say that they are fresh for a shorter time.
NOTICE: Final = timedelta(seconds=360)


def stories_due(since: datetime, until: datetime) -> set[int]:
    """Return the stories that a moment after `since`, up to `until`, has changed. Three queries.

    A version went live, or is about to, or developing mode ended.
    """
    return {article for kind in _moments(since, until) for article in kind}


def next_due(after: datetime) -> datetime | None:
    """Return when the next story changes by itself, None if nothing is pending. Three queries."""
    pending = Publication.objects.filter(cancellation=None)
    live = pending.filter(live_from__gt=after).aggregate(next=Min("live_from"))["next"]
    noticed = pending.filter(live_from__gt=after + NOTICE).aggregate(next=Min("live_from"))["next"]
    ends = DevelopingMode.objects.filter(until__gt=after).aggregate(next=Min("until"))["next"]
    found = [live, noticed and noticed - NOTICE, ends]
    return min((each for each in found if each is not None), default=None)


def _moments(since: datetime, until: datetime) -> Iterator[set[int]]:
    pending = Publication.objects.filter(cancellation=None).order_by()
    for notice in (timedelta(0), NOTICE):
        due = pending.filter(live_from__gt=since + notice, live_from__lte=until + notice)
        yield set(due.values_list("article_id", flat=True))
    ended = DevelopingMode.objects.filter(until__gt=since, until__lte=until).order_by()
    yield set(ended.values_list("article_id", flat=True))

"""Order caches to let go of what an event changes for readers: in its transaction, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from stories.domain.purging import LISTS, picture_key, story_key
from stories.models import (
    DevelopingMode,
    Erasure,
    Publication,
    PublishedPicture,
    PurgeOrder,
    Withdrawal,
    Withholding,
    WithholdingDecision,
)
from stories.models.revisions import Journal

# After a failure the wait doubles, up to an hour.
FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
# How many orders are sent together.
AT_ONCE: Final = 100

_SEEN_BY_READERS: Final = (Publication, Withdrawal, DevelopingMode, Withholding, Erasure)

Send = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many orders were delivered, and how many wait for another try."""

    sent: int
    failed: int


def order_purge(event: Journal) -> None:
    """Order what an event changes for readers; nothing where no cache is configured, or readers see no change."""
    if settings.PURGE_URL and (isinstance(event, _SEEN_BY_READERS) or _shows_again(event)):
        due = event.live_from if isinstance(event, Publication) else event.recorded_at
        PurgeOrder.objects.create(keys=list(_keys(event)), due_at=due)


def _shows_again(event: Journal) -> bool:
    return isinstance(event, WithholdingDecision) and event.lifted


def _keys(event: Journal) -> Iterator[str]:
    assert event.article_id is not None
    yield story_key(event.article_id)
    yield LISTS
    if not isinstance(event, Publication | DevelopingMode):
        # Also of what concerns one version: that a cache asks again costs little.
        shown = PublishedPicture.objects.filter(publication__article=event.article_id)
        for digest in shown.order_by("picture").values_list("picture", flat=True).distinct():
            yield picture_key(digest)
    if isinstance(event, Erasure) and event.order is not None and event.order.picture_id:
        shown = PublishedPicture.objects.filter(picture=event.order.picture_id)
        for article in shown.values_list("publication__article", flat=True).distinct():
            yield story_key(article)


def deliver_purges(*, send: Send, at: datetime) -> Delivered:
    """Send what is due, by `send`, which raises OSError where it fails; returns what became of it.

    Each order is marked in a transaction of its own, and on PostgreSQL two that deliver at once share the work.
    """
    sent = failed = 0
    for number in _due(at):
        with transaction.atomic():
            rows = PurgeOrder.objects.filter(pk=number, delivered_at__isnull=True, due_at__lte=at)
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            order = rows.first()
            if order is None:
                continue
            order.attempts += 1
            try:
                send(order.keys)
            except OSError as error:
                failed += 1
                order.error = str(error)[:500]
                order.due_at = at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(order.attempts - 1, 12))
            else:
                sent += 1
                order.error, order.delivered_at = "", at
            order.save()
    return Delivered(sent, failed)


def _due(at: datetime) -> list[int]:
    due = PurgeOrder.objects.filter(delivered_at__isnull=True, due_at__lte=at)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])

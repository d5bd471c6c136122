"""Enqueue outgoing messages, in the transaction of the change that they report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stories.actions.outbox.purges import purge_at_once
from stories.domain.surrogate_keys import LISTS, author_key, picture_key, story_key
from stories.models import (
    Author,
    Byline,
    DevelopingMode,
    Erasure,
    ImportedStory,
    OutboxMessage,
    Publication,
    PublishedPicture,
    Withdrawal,
    Withholding,
    WithholdingDecision,
)
from stories.models.integrity.registry import history_model
from stories.models.record.revisions import Journal

Kind = OutboxMessage.Kind
Priority = OutboxMessage.Priority

# For how many seconds whoever takes something down waits for the cache: once they are answered, it is gone there too.
TAKEDOWN_PATIENCE: Final = 1.0


def enqueue_purge(event: Journal) -> None:
    """Enqueue the cache purge for an event; nothing if there is no cache, or if readers see no change."""
    if settings.PURGE_URL and _is_seen_by_readers(event):
        due_at = event.live_from if isinstance(event, Publication) else event.recorded_at
        _enqueue(list(_keys(event)), _priority(event), due_at=due_at, is_due=due_at <= event.recorded_at)


def enqueue_purge_of(keys: Iterable[str], *, at: datetime) -> None:
    """Enqueue the cache purge of some pages, for a change that concerns no story; nothing if there is no cache."""
    if settings.PURGE_URL:
        # What a person takes back of theirs leaves caches as fast as what is taken down.
        _enqueue(list(keys), Priority.TAKEDOWN, due_at=at, is_due=True)


def _enqueue(keys: Sequence[str], priority: Priority, *, due_at: datetime, is_due: bool) -> None:
    OutboxMessage.objects.create(
        kind=Kind.PURGE, priority=priority, payload={"keys": keys}, due_at=due_at, next_try_at=due_at
    )
    if is_due and priority != Priority.REST:
        wait = TAKEDOWN_PATIENCE if priority == Priority.TAKEDOWN else 0
        transaction.on_commit(partial(purge_at_once, keys, wait=wait), robust=True)


def build_mails(*, to: Iterable[str], subject: str, body: str, path: str) -> list[OutboxMessage]:
    """Return a mail to each of the addresses, not enqueued yet. `path` is the page of this site that it links to."""
    now = timezone.now()
    return [
        OutboxMessage(
            kind=Kind.MAIL,
            payload={"to": address, "subject": subject, "says": body, "path": path},
            due_at=now,
            next_try_at=now,
        )
        for address in to
    ]


def enqueue_mails(messages: Iterable[OutboxMessage]) -> None:
    """Enqueue mails. One query."""
    OutboxMessage.objects.bulk_create(messages)


def _is_seen_by_readers(event: Journal) -> bool:
    if isinstance(event, Publication):
        # Only an import writes versions with a time in the past; its own event enqueues one purge for all of them.
        return event.live_from >= event.recorded_at
    if isinstance(event, WithholdingDecision):
        return event.lifted
    return isinstance(event, ImportedStory | Withdrawal | DevelopingMode | Withholding | Erasure)


def _priority(event: Journal) -> Priority:
    if isinstance(event, Withholding | Erasure) or (isinstance(event, Withdrawal) and event.withdrawn):
        return Priority.TAKEDOWN
    return Priority.REST if isinstance(event, ImportedStory) else Priority.PUBLICATION


def _keys(event: Journal) -> Iterator[str]:
    assert event.article_id is not None
    yield story_key(event.article_id)
    yield LISTS
    if not isinstance(event, Publication | DevelopingMode | ImportedStory):
        # Even if only one version is concerned: refetching a few pages costs little.
        rows = PublishedPicture.objects.filter(publication__article=event.article_id)
        for digest in rows.order_by("picture").values_list("picture", flat=True).distinct():
            yield picture_key(digest)
        # The page of an author whose name is withheld everywhere is gone, and their picture with it.
        credited = history_model(Byline).objects.filter(parent_id=event.article_id).order_by()
        for slug, picture in (
            Author.objects.filter(pk__in=credited.values("author_id"))
            .order_by("pk")
            .values_list("pk", "picture")
        ):
            yield author_key(slug)
            if picture:
                yield picture_key(picture)
    if isinstance(event, Erasure) and event.order is not None and event.order.picture_id:
        rows = PublishedPicture.objects.filter(picture=event.order.picture_id)
        for article in rows.values_list("publication__article", flat=True).distinct():
            yield story_key(article)

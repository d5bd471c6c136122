"""Enqueue outgoing messages, in the transaction of the change that they report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

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


def enqueue_purge(event: Journal) -> None:
    """Enqueue the cache purge for an event; nothing if there is no cache, or if readers see no change."""
    if not settings.PURGE_URL or not _is_seen_by_readers(event):
        return
    due_at = event.live_from if isinstance(event, Publication) else event.recorded_at
    OutboxMessage.objects.create(
        kind=Kind.PURGE,
        priority=_priority(event),
        payload={"keys": list(_keys(event))},
        due_at=due_at,
        next_try_at=due_at,
    )


def enqueue_purge_of(keys: Iterable[str], *, at: datetime) -> None:
    """Enqueue the cache purge of some pages, for a change that concerns no story; nothing if there is no cache."""
    if settings.PURGE_URL:
        OutboxMessage.objects.create(
            kind=Kind.PURGE,
            # What a person takes back of theirs leaves caches as fast as what is taken down.
            priority=Priority.TAKEDOWN,
            payload={"keys": list(keys)},
            due_at=at,
            next_try_at=at,
        )


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

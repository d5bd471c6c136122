"""Append to the ledger: the last write of every action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import Subquery

from stories.actions.outbox.enqueue import enqueue_purge
from stories.actions.record.baked_pages import drop_baked_pages
from stories.actions.record.live_periods import update_live_periods
from stories.actions.record.published_heads import publish_after_commit, refuse_older_copy
from stories.actions.record.story_status import update_story_status
from stories.actions.texts import clean_text
from stories.domain.ledger import GENESIS, canonical_json, columns, entry_digest
from stories.domain.published_head import PublishedHead
from stories.models import DailyHead, EntryKind, EntryText, LedgerEntry
from stories.models.integrity.canonical import CURRENT_FORM, history_digest, text_digest, texts_of
from stories.models.record.recording import HistoryRow, append, append_all
from stories.models.record.revisions import Journal
from stories.queries.ledger.published_heads import LedgerState, state_of, with_state

# Any number works if nothing else in the database locks on it: "ledger" on a telephone's keys.
LEDGER_LOCK = 533437
# The kinds of events that change what is live, and when.
MOVING = frozenset((EntryKind.PUBLICATION, EntryKind.CANCELLATION, EntryKind.WITHDRAWAL))

Event = TypeVar("Event", bound=Journal)
WrittenEvent = TypeVar("WrittenEvent", bound=Journal, covariant=True)
# A covered row as a payload names it: model, key, kind of change, number, digest.
RowReference = list[str | int]


@dataclass(frozen=True, slots=True)
class Written(Generic[WrittenEvent]):
    """An event whose rows are all written, with what its ledger entry says besides the event itself.

    `rows` are the history rows that the entry covers, `listing_digest` is the digest of what lists show of a
    publication, `words` how many words it added and removed.
    """

    event: WrittenEvent
    rows: Sequence[RowReference] = ()
    listing_digest: str = ""
    words: tuple[int, int] = (0, 0)


def append_entries(*written: Written[Journal]) -> list[LedgerEntry]:
    """Append the entries of events that were just written: of one story, or of none, as a change of an author is.

    To be called once, last, inside the action's transaction: after it the transaction writes no further row and takes
    no further lock. The order of locks is always story, then ledger. However many the events, four queries on
    PostgreSQL, three on SQLite, where the transaction itself is the lock; one more if any event has text, and one if
    some are of the story and some are not. One more if the newest published head is not the newest entry.

    Raises LedgerBehind if the database is an older copy.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The ledger is appended to inside the transaction of the change that it records.")
    if not written:
        return []
    # The story's own rows are written before taking the lock that the whole site waits for.
    for each in written:
        enqueue_purge(each.event)
        drop_baked_pages(each.event)
    kinds: dict[int | None, set[EntryKind]] = {}
    for each in written:
        kinds.setdefault(each.event.article_id, set()).add(each.event.entry_kind)
    for article_id in kinds:
        if article_id is not None:
            update_story_status(article_id, kinds[article_id])
            if not kinds[article_id].isdisjoint(MOVING):
                update_live_periods(article_id)
    return _append([(each.event, _payload(each)) for each in written])


def _payload(written: Written[Journal]) -> dict[str, object]:
    """Return the payload of an event without its place in the ledger."""
    event = written.event
    payload: dict[str, object] = {**event.event(), "form": CURRENT_FORM, "said": text_digest(event)}
    if written.rows:
        payload["rows"] = list(written.rows)
    if written.listing_digest:
        payload |= {"shown": written.listing_digest, "words": list(written.words)}
    return payload


def lock_ledger() -> None:
    """Wait for whoever appends, and let nobody else append until the transaction ends. One query on PostgreSQL."""
    if connection.vendor == "postgresql":
        # Locking the newest row instead would give a waiting writer a row that is no longer the newest.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])


def _append(prepared: Sequence[tuple[Journal, dict[str, object]]]) -> list[LedgerEntry]:
    lock_ledger()
    first = prepared[0][0].article_id
    of_the_story = LedgerEntry.objects.filter(article=first).order_by("-sequence")
    newest = (
        with_state(LedgerEntry.objects.order_by("-sequence"))
        .only("sequence", "digest", "recorded_at")
        .annotate(of_the_story=Subquery(of_the_story.values("sequence")[:1]))
        .first()
    )
    state = state_of(newest) if newest else None
    if state is not None:
        refuse_older_copy(state)
    sequence, previous = (newest.sequence, bytes(newest.digest)) if newest else (0, GENESIS)
    # With `after`, a story's entries alone prove that none between them is missing.
    after: dict[int | None, int | None] = {first: newest.of_the_story if newest else None}
    for article_id in {event.article_id for event, _rest in prepared} - {first}:
        others = LedgerEntry.objects.filter(article=article_id).order_by("-sequence")
        after[article_id] = others.values_list("sequence", flat=True).first()
    entries: list[LedgerEntry] = []
    for event, event_payload in prepared:
        sequence += 1
        payload = {"sequence": sequence, "after": after[event.article_id], **event_payload}
        text = canonical_json(payload)
        previous = entry_digest(previous, text)
        after[event.article_id] = sequence
        entries.append(
            LedgerEntry(
                **columns(payload) | {"recorded_at": event.recorded_at},
                payload=text.decode(),
                digest=previous,
            )
        )
    append_all(entries)
    texts = ["\n".join(filter(None, texts_of(event))) for event, _rest in prepared]
    append_all(
        [EntryText(entry=entry, text=text) for entry, text in zip(entries, texts, strict=True) if text]
    )
    for before, entry in pairwise([*([newest] if newest else []), *entries]):
        _enter_head(before, entry)
    name = state.name if state else bytes(entries[0].digest).hex()
    generation = state.head.generation if state else 0
    publish_after_commit(LedgerState(name, PublishedHead(generation, sequence, previous.hex())))
    return entries


def _enter_head(before: LedgerEntry, entry: LedgerEntry) -> None:
    """Record the previous entry as the last of its day, if the new entry is of a later day."""
    day = before.recorded_at.astimezone(UTC).date()
    # A day that an import or a script writes to later retains its head.
    if entry.recorded_at.astimezone(UTC).date() > day and not DailyHead.objects.filter(day__gte=day).exists():
        append(DailyHead(day=day, entry=before))


def write_event(event: Event) -> Written[Event]:
    """Write an event's row, with its text cleaned; its entry is appended separately, last.

    Raises Refused for a text that is too long.
    """
    for field in event._meta.concrete_fields:
        if isinstance(field, models.TextField):
            setattr(event, field.attname, clean_text(getattr(event, field.attname), str(field.verbose_name)))
    append(event)
    return Written(event)


def record(event: Journal) -> None:
    """Write a single event, and its ledger entry."""
    append_entries(write_event(event))


def covered(rows: Iterable[HistoryRow]) -> list[RowReference]:
    """Return how an entry's payload names the history rows that it covers."""
    return [_covered(row) for row in rows]


def _covered(row: HistoryRow) -> RowReference:
    fields: Any = row
    key = str(fields.key) if hasattr(fields, "key") else str(fields.id)
    return [
        fields.instance_type._meta.model_name,
        key,
        fields.history_type,
        fields.history_id,
        history_digest(row),
    ]

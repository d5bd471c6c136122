"""Append to the ledger: the last write of every action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.db import connection, models
from django.db.models import Subquery

from stories.actions.deal_card import deal_card
from stories.actions.outbox.enqueue import enqueue_purge
from stories.actions.sentences import fit
from stories.domain.ledger import GENESIS, canonical_json, columns, entry_digest
from stories.models import DailyHead, EntryText, LedgerEntry
from stories.models.canonical import CURRENT_FORM, history_digest, said_digest, words_of
from stories.models.recording import HistoryRow, append
from stories.models.revisions import Journal

# Any number does, as long as nothing else in the database locks on it: "ledger" on a telephone's keys.
LEDGER_LOCK = 533437


def append_entry(
    event: Journal, *, rows: Iterable[HistoryRow] = (), shown: str = "", words: tuple[int, int] = (0, 0)
) -> LedgerEntry:
    """Append the entry of an event that was just written, covering the given history rows.

    `shown` is the digest of what lists show of a publication, `words` how many it brought and took.

    To be called once, last, inside the action's transaction, by who holds the story's lock: the order
    of locks is story, then ledger, always. Four queries on PostgreSQL, three on SQLite, where the
    transaction itself is the lock; one more where the event says anything in words.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The ledger is appended to inside the transaction of the change that it records.")
    if connection.vendor == "postgresql":
        # Locking the newest row instead would hand a waiting writer a row that is no longer the newest.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
    told = event.event()
    of_the_story = LedgerEntry.objects.filter(article=told["article"]).order_by("-sequence")
    newest = (
        LedgerEntry.objects.order_by("-sequence")
        .only("sequence", "digest", "recorded_at")
        .annotate(of_the_story=Subquery(of_the_story.values("sequence")[:1]))
        .first()
    )
    sequence, previous = (newest.sequence, bytes(newest.digest)) if newest else (0, GENESIS)
    payload = {
        "sequence": sequence + 1,
        # Whoever has a story's entries alone can tell that none between them is missing.
        "after": newest.of_the_story if newest else None,
        **told,
        "form": CURRENT_FORM,
        "said": said_digest(event),
    }
    covered = [_covered(row) for row in rows]
    if covered:
        payload["rows"] = covered
    if shown:
        payload |= {"shown": shown, "words": list(words)}
    text = canonical_json(payload)
    entry = LedgerEntry(
        **columns(payload) | {"recorded_at": event.recorded_at},
        payload=text.decode(),
        digest=entry_digest(previous, text),
    )
    append(entry)
    in_words = "\n".join(filter(None, words_of(event)))
    if in_words:
        append(EntryText(entry=entry, text=in_words))
    if newest is not None:
        _enter_head(newest, event)
    deal_card(event)
    enqueue_purge(event)
    return entry


def _enter_head(before: LedgerEntry, event: Journal) -> None:
    """Enter the entry before an event's as the last of its day, where the event is of a later one."""
    day = before.recorded_at.astimezone(UTC).date()
    # A day that an import or a script writes into late keeps the head that it had.
    if event.recorded_at.astimezone(UTC).date() > day and not DailyHead.objects.filter(day__gte=day).exists():
        append(DailyHead(day=day, entry=before))


def write_event(event: Journal) -> None:
    """Write an event's row, its text made fit to be kept. Raises Refused for a text that is too long.

    The entry is appended apart from it, last, when all that the event covers is written.
    """
    for field in event._meta.concrete_fields:
        if isinstance(field, models.TextField):
            setattr(event, field.attname, fit(getattr(event, field.attname), str(field.verbose_name)))
    append(event)


def record(event: Journal) -> None:
    """Write an event that changes no story, and its ledger entry."""
    write_event(event)
    append_entry(event)


def _covered(row: HistoryRow) -> list[Any]:
    """A covered row as the payload names it: model, key, kind of change, number, digest."""
    fields: Any = row
    key = str(fields.key) if hasattr(fields, "key") else str(fields.id)
    return [
        fields.instance_type._meta.model_name,
        key,
        fields.history_type,
        fields.history_id,
        history_digest(row),
    ]

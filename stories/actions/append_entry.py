"""Append to the ledger: the last write of every action."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from stories.actions.deal_card import deal_card
from stories.actions.order_purge import order_purge
from stories.actions.sentences import fit
from stories.domain.ledger import GENESIS, canonical_json, entry_digest
from stories.models import LedgerEntry
from stories.models.canonical import CURRENT_FORM, history_digest
from stories.models.recording import HistoryRow, append
from stories.models.revisions import Journal

# Any number does, as long as nothing else in the database locks on it: "ledger" on a telephone's keys.
LEDGER_LOCK = 533437


def append_entry(event: Journal, *, rows: Iterable[HistoryRow] = (), shown: str = "") -> LedgerEntry:
    """Append the entry of an event that was just written, covering the given history rows.

    `shown` is the digest of what lists show of a publication.

    To be called once, last, inside the action's transaction, by who holds the story's lock: the order
    of locks is story, then ledger, always. Four queries on PostgreSQL, three on SQLite, where the
    transaction itself is the lock.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The ledger is appended to inside the transaction of the change that it records.")
    if connection.vendor == "postgresql":
        # Locking the newest row instead would hand a waiting writer a row that is no longer the newest.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    sequence, previous = (newest[0], bytes(newest[1])) if newest else (0, GENESIS)
    payload = {"sequence": sequence + 1, **event.event()}
    covered = [_covered(row) for row in rows]
    if covered:
        payload |= {"form": CURRENT_FORM, "rows": covered}
    if shown:
        payload |= {"form": CURRENT_FORM, "shown": shown}
    text = canonical_json(payload)
    entry = LedgerEntry(
        sequence=sequence + 1,
        kind=event.entry_kind,
        article_id=event.article_id,
        recorded_at=event.recorded_at,
        payload=text.decode(),
        digest=entry_digest(previous, text),
    )
    append(entry)
    deal_card(event)
    order_purge(event)
    return entry


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

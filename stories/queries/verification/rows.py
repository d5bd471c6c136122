"""The rows that a chunk of entries speaks of, fetched together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stories.domain.erasures import Row, Step, digest_now, steps_by_row
from stories.models import EntryKind, EntryText, LedgerEntry, Publication
from stories.models.recording import HistoryRow
from stories.models.revisions import Journal
from stories.queries.verification.findings import UNREADABLE
from stories.queries.verification.payloads import HISTORIES, JOURNALS, parsed

Payload = dict[str, Any]

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries in a row with what they say (None where that can't be read), and what is stored of it."""

    entries: Sequence[LedgerEntry]
    payloads: Sequence[Payload | None]
    events: dict[tuple[str, int], Journal]
    histories: dict[str, dict[int, HistoryRow]]
    texts: dict[int, str]
    erased: dict[Row, list[Step]]

    def explains(self, model: str, number: int, written: str, now: str) -> bool:
        """Whether a row may have this digest now: the one it was written with, or what erasures made of that."""
        return digest_now(written, self.erased.get((model, number), ())) == now


def fetch(entries: Sequence[LedgerEntry]) -> Chunk:
    """The entries with their rows. One query a kind of event and a tracked model, five for publications, two more."""
    payloads = [parsed(entry.payload) for entry in entries]
    readable = [payload for payload in payloads if payload is not None]
    numbers = [entry.sequence for entry in entries]
    texts = EntryText._base_manager.filter(entry_id__in=numbers).values_list("entry_id", "text")
    return Chunk(
        entries=entries,
        payloads=payloads,
        events=_events(readable),
        histories=_histories(readable),
        texts=dict(texts),
        erased=_erased({entry.article_id for entry in entries}),
    )


def _erased(articles: set[int | None]) -> dict[Row, list[Step]]:
    """What the ledger says was erased of some stories, by row: an erasure without an entry explains nothing."""
    entries = LedgerEntry.objects.filter(kind=EntryKind.ERASURE, article__in=articles - {None})
    payloads = map(parsed, entries.order_by("sequence").values_list("payload", flat=True))
    return steps_by_row(row for payload in payloads if payload for row in payload.get("erased", ()))


def _events(payloads: Iterable[Payload]) -> dict[tuple[str, int], Journal]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        wanted[payload["kind"]].append(payload["event"])
    found: dict[tuple[str, int], Journal] = {}
    for kind, keys in wanted.items():
        rows: Any = JOURNALS[kind]._base_manager.all()
        if JOURNALS[kind] is Publication:
            # Not joined: what is gone must not make the publication look gone too.
            rows = rows.select_related("card").prefetch_related("revision", "address", "notes", "pictures")
        found |= {(kind, row.pk): row for row in _readable(rows, "pk", keys)}
    return found


def _histories(payloads: Iterable[Payload]) -> dict[str, dict[int, HistoryRow]]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        for model, _key, _change, history_id, _digest in payload.get("rows", ()):
            wanted[model].append(history_id)
    found: dict[str, dict[int, HistoryRow]] = defaultdict(dict)
    for model, numbers in wanted.items():
        stored: Any = HISTORIES[model]._base_manager.all()
        for start in range(0, len(numbers), AT_ONCE):
            rows = _readable(stored, "history_id", numbers[start : start + AT_ONCE])
            found[model].update((row.history_id, row) for row in rows)
    return found


def _readable(rows: Any, by: str, numbers: list[int]) -> list[Any]:
    """The rows with these numbers; without those that somebody has made unreadable, which only then are sought."""
    try:
        return list(rows.filter(**{f"{by}__in": numbers}))
    except UNREADABLE:
        readable = []
        for number in numbers:
            try:
                readable += list(rows.filter(**{by: number}))
            except UNREADABLE:
                continue
        return readable

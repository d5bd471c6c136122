"""The ledger, read and verified: each entry against the chain, its event's row and the rows that it covers."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from stories.domain.ledger import GENESIS, canonical_json, canonical_time, columns, entry_digest
from stories.models import LedgerEntry, Publication
from stories.models.canonical import FORMS, history_digest, said_digest, shown_digest
from stories.models.recording import HistoryRow
from stories.models.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.models.revisions import Journal
from stories.queries.working_rows import UNREADABLE, Finding, differences

CHUNK: Final = 500

JOURNALS: Final[dict[str, type[Journal]]] = {str(model.entry_kind): model for model in JOURNAL_MODELS}
HISTORIES: Final[dict[str, Any]] = {
    str(model._meta.model_name): history_model(model) for model in TRACKED_MODELS
}


class Verification:
    """A run over the whole ledger. Iterate it for the findings, in the ledger's order; then read its sums.

    Holds one chunk of entries at a time, so memory does not grow with the ledger.
    """

    def __init__(self) -> None:
        self.entries = 0
        self.rows = 0
        self.head = GENESIS
        self._covered: Counter[str] = Counter()

    def total(self) -> int:
        """How many entries there are to verify."""
        return LedgerEntry.objects.count()

    def __iter__(self) -> Iterator[Finding]:
        chunk: list[LedgerEntry] = []
        for entry in LedgerEntry.objects.order_by("sequence").iterator(chunk_size=CHUNK):
            chunk.append(entry)
            if len(chunk) == CHUNK:
                yield from self._verify_chunk(chunk)
                chunk = []
        yield from self._verify_chunk(chunk)
        yield from self._verify_uncovered()
        yield from differences()

    def _verify_chunk(self, entries: list[LedgerEntry]) -> Iterator[Finding]:
        payloads = [_parsed(entry.payload) for entry in entries]
        events = _events(payloads)
        histories = _histories(payloads)
        for entry, payload in zip(entries, payloads, strict=True):
            yield from self._verify_chain(entry)
            self.entries += 1
            if payload is None:
                yield Finding(entry.sequence, "its payload is not the canonical JSON that was written.")
                continue
            yield from _verify_columns(entry, payload)
            yield from self._verify_event(entry, payload, events)
            yield from self._verify_rows(entry, payload, histories)

    def _verify_chain(self, entry: LedgerEntry) -> Iterator[Finding]:
        if entry.sequence != self.entries + 1:
            yield Finding(self.entries + 1, f"it is missing; entry {entry.sequence} follows.")
            self.entries = entry.sequence - 1
        digest = bytes(entry.digest)
        if entry_digest(self.head, entry.payload.encode()) != digest:
            yield Finding(entry.sequence, "its digest does not follow from its payload and the entry before.")
        self.head = digest

    def _verify_event(
        self, entry: LedgerEntry, payload: dict[str, Any], events: dict[tuple[str, Any], Journal]
    ) -> Iterator[Finding]:
        kind = payload["kind"]
        event = events.get((kind, payload["event"]))
        if event is None:
            yield Finding(entry.sequence, f"the {kind} {payload['event']} that it records is not there.")
            return
        self._covered[kind] += 1
        for name, value in event.event().items():
            if payload.get(name) != value:
                yield Finding(
                    entry.sequence,
                    f"its {kind} {event.pk} says {name} {value!r}, the entry {payload.get(name)!r}.",
                )
        form = payload["form"]
        if form not in FORMS or said_digest(event, form=form) != payload["said"]:
            yield Finding(
                entry.sequence, f"what its {kind} {event.pk} says in words is not what was written."
            )
        if isinstance(event, Publication):
            yield from _verify_publication(entry, payload, event)

    def _verify_rows(
        self, entry: LedgerEntry, payload: dict[str, Any], histories: dict[str, dict[int, HistoryRow]]
    ) -> Iterator[Finding]:
        form = payload["form"]
        for model, key, change, history_id, digest in payload.get("rows", ()):
            self.rows += 1
            self._covered[model] += 1
            where = f"the history row {history_id} of {model} {key}"
            row: Any = histories[model].get(history_id)
            if row is None:
                yield Finding(entry.sequence, f"{where} is not there, or no longer reads as a row.")
            elif form not in FORMS or history_digest(row, form=form) != digest:
                yield Finding(entry.sequence, f"{where} is not what was written.")
            elif row.history_type != change or row.revision != payload.get("revision"):
                yield Finding(entry.sequence, f"{where} is not of the revision that the entry records.")

    def _verify_uncovered(self) -> Iterator[Finding]:
        """Rows that no entry covers: slipped in beside the ledger, or left when its tail was cut off."""
        for name, model in [*HISTORIES.items(), *JOURNALS.items()]:
            stored = model._base_manager.count()
            if stored > self._covered[name]:
                extra = stored - self._covered[name]
                yield Finding(None, f"{extra} of {stored} rows of {name} are in no entry of the ledger.")


def _parsed(payload: str) -> dict[str, Any] | None:
    """The payload as data, None where it is not canonical JSON of the shape that entries have."""
    try:
        parsed = json.loads(payload)
        canonical = canonical_json(parsed).decode() == payload
    except (*UNREADABLE, RecursionError):
        return None
    return parsed if canonical and _well_formed(parsed) else None


def _well_formed(payload: Any) -> bool:
    if not isinstance(payload, dict) or not isinstance(payload.get("event"), int):
        return False
    rows = payload.get("rows", [])
    return (
        payload.get("kind") in JOURNALS
        and isinstance(payload.get("form"), int)
        and isinstance(payload.get("said"), str)
        and isinstance(rows, list)
        and all(
            isinstance(row, list)
            and len(row) == 5
            and row[0] in HISTORIES
            and isinstance(row[3], int)
            and all(isinstance(value, str) for value in (row[1], row[2], row[4]))
            for row in rows
        )
    )


def _verify_columns(entry: LedgerEntry, payload: dict[str, Any]) -> Iterator[Finding]:
    try:
        said = columns(payload)
    except (*UNREADABLE, LookupError):
        yield Finding(entry.sequence, "its payload does not say what an entry's columns repeat.")
        return
    for name, told in said.items():
        value = getattr(entry, name)
        value = canonical_time(value) if name == "recorded_at" else value
        if value != told:
            yield Finding(entry.sequence, f"its column {name} is {value!r}, its payload says {told!r}.")


def _verify_publication(
    entry: LedgerEntry, payload: dict[str, Any], publication: Publication
) -> Iterator[Finding]:
    """A publication's own rows, and that all it points to is of its story."""
    named = f"publication {publication.pk}"
    if publication.revision.article_id != publication.article_id:
        yield Finding(entry.sequence, f"its {named} is of another story's revision.")
    if publication.address.article_id != publication.article_id:
        yield Finding(entry.sequence, f"the address of its {named} is another story's.")
    card = getattr(publication, "card", None)
    form = payload["form"]
    if card is None or form not in FORMS:
        yield Finding(entry.sequence, f"the card of its {named} is not there.")
    elif shown_digest(card, publication.notes.all(), publication.pictures.all(), form=form) != payload.get(
        "shown"
    ):
        yield Finding(
            entry.sequence,
            f"the card, notes or pictures that lists show of its {named} are not what was written.",
        )
    elif [card.words_added, card.words_removed] != payload.get("words"):
        yield Finding(entry.sequence, f"how many words its {named} brought and took is not what was written.")


def _events(payloads: Iterable[dict[str, Any] | None]) -> dict[tuple[str, Any], Journal]:
    """The rows of the events that payloads record. One query a kind of event, four for publications."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        if payload is not None:
            wanted[payload["kind"]].append(payload["event"])
    found: dict[tuple[str, Any], Journal] = {}
    for kind, keys in wanted.items():
        rows: Any = JOURNALS[kind]._base_manager.all()
        if JOURNALS[kind] is Publication:
            rows = rows.select_related("card", "revision", "address").prefetch_related("notes", "pictures")
        found |= {(kind, row.pk): row for row in _readable(rows, "pk", keys)}
    return found


def _histories(payloads: Iterable[dict[str, Any] | None]) -> dict[str, dict[int, HistoryRow]]:
    """The history rows that payloads cover, by model and number. One query a tracked model."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        for model, _key, _change, history_id, _digest in (payload or {}).get("rows", ()):
            wanted[model].append(history_id)
    found: dict[str, dict[int, HistoryRow]] = defaultdict(dict)
    for model, numbers in wanted.items():
        for start in range(0, len(numbers), CHUNK):
            rows = _readable(HISTORIES[model].objects.all(), "history_id", numbers[start : start + CHUNK])
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


def head() -> tuple[int, str]:
    """The newest entry's sequence and digest in hex; 0 and zeros where there is none yet."""
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return (newest[0], bytes(newest[1]).hex()) if newest else (0, GENESIS.hex())

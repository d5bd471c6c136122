"""Fetch the rows that a chunk of entries names, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from stories.domain.dossier.checker.erasures import Erasures
from stories.models import (
    EntryKind,
    EntryText,
    LedgerEntry,
    Publication,
    PublishedNote,
    PublishedPicture,
    Revision,
    StoryAddress,
)
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.models.record.recording import HistoryRow
from stories.models.record.revisions import Journal
from stories.queries.verification.findings import UNREADABLE
from stories.queries.verification.ledger.erasures import ExternalEvidence, erasures_of
from stories.queries.verification.ledger.payloads import parsed

Payload = dict[str, Any]

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive entries with their payloads (None if unreadable), and the rows that they name."""

    entries: Sequence[LedgerEntry]
    payloads: Sequence[Payload | None]
    events: dict[tuple[str, int], Journal]
    # What lists show of each publication, in addition to its card.
    notes: dict[int, list[PublishedNote]]
    pictures: dict[int, list[PublishedPicture]]
    histories: dict[str, dict[int, HistoryRow]]
    texts: dict[int, str]
    # By story, for stories with erasures.
    erasures: dict[int, Erasures]

    def explains(self, payload: Payload, model: str, number: int, written: str, now: str) -> bool:
        """Return whether a row may have this digest now: the written one, or one that an erasure of its story left."""
        erasures = self.erasures_of(payload)
        return erasures.explains(model, number, written, now) if erasures else written == now

    def erasures_of(self, payload: Payload) -> Erasures | None:
        """Return the erasures of an entry's story, None if it has none."""
        article = payload.get("article")
        return self.erasures.get(article) if isinstance(article, int) else None


def fetch(entries: Sequence[LedgerEntry], outside: ExternalEvidence, before: Chunk | None = None) -> Chunk:
    """Return the entries with their rows.

    One query a kind of event and a tracked model, three for publications, two more. Erasures of a story take some
    queries of their own, unless the chunk `before` has them.
    """
    payloads = [parsed(entry.payload) for entry in entries]
    readable = [payload for payload in payloads if payload is not None]
    numbers = [entry.sequence for entry in entries]
    texts = EntryText._base_manager.filter(entry_id__in=numbers).values_list("entry_id", "text")
    events = _events(readable)
    publications = [event.pk for event in events.values() if isinstance(event, Publication)]
    return Chunk(
        entries=entries,
        payloads=payloads,
        events=events,
        notes=_by_publication(PublishedNote, publications),
        pictures=_by_publication(PublishedPicture, publications),
        histories=_histories(readable),
        texts=dict(texts),
        erasures=_erasures(
            {entry.article_id for entry in entries}, before.erasures if before else {}, outside
        ),
    )


def _erasures(
    articles: set[int | None], known: dict[int, Erasures], outside: ExternalEvidence
) -> dict[int, Erasures]:
    """Return what the ledger says was erased of some stories: an erasure without an entry explains nothing."""
    entries = LedgerEntry.objects.filter(kind=EntryKind.ERASURE, article__in=articles - {None})
    concerned = set(entries.order_by().values_list("article_id", flat=True))
    return {article: known.get(article) or erasures_of(article, outside) for article in concerned if article}


def _events(payloads: Iterable[Payload]) -> dict[tuple[str, int], Journal]:
    numbers_by_kind: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        numbers_by_kind[payload["kind"]].append(payload["event"])
    found: dict[tuple[str, int], Journal] = {}
    for kind, keys in numbers_by_kind.items():
        rows: Any = JOURNALS[kind]._base_manager.all()
        if JOURNALS[kind] is Publication:
            # Not joined: a missing row must not make the publication look missing too.
            rows = rows.annotate(
                story_of_revision=_story_of(Revision, "revision_id"),
                story_of_address=_story_of(StoryAddress, "address_id"),
            )
            rows = rows.select_related("card")
        found |= {(kind, row.pk): row for row in _readable(rows, "pk", keys)}
    return found


def _by_publication(model: Any, publications: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if publications:
        for row in _readable(model._base_manager.all(), "publication", publications):
            found[row.publication_id].append(row)
    return found


def _story_of(model: type[Revision | StoryAddress], named: str) -> Subquery:
    """Return the subquery for the story of a row that a publication points to."""
    return Subquery(model._base_manager.filter(pk=OuterRef(named)).values("article_id")[:1])


def _histories(payloads: Iterable[Payload]) -> dict[str, dict[int, HistoryRow]]:
    numbers_by_model: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        for model, _key, _change, history_id, _digest in payload.get("rows", ()):
            numbers_by_model[model].append(history_id)
    found: dict[str, dict[int, HistoryRow]] = defaultdict(dict)
    for model, numbers in numbers_by_model.items():
        stored: Any = HISTORIES[model]._base_manager.all()
        for start in range(0, len(numbers), AT_ONCE):
            rows = _readable(stored, "history_id", numbers[start : start + AT_ONCE])
            found[model].update((row.history_id, row) for row in rows)
    return found


def _readable(rows: Any, by: str, numbers: list[int]) -> list[Any]:
    """Return the rows with these numbers, without unreadable ones; queried one by one only if one is unreadable."""
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

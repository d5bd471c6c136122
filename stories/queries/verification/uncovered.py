"""Rows that no entry covers: slipped in beside the ledger, or left when its tail was cut off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stories.domain.number_set import NumberSet
from stories.models import EntryText, LedgerEntry
from stories.queries.verification.findings import Finding, Kind, listed
from stories.queries.verification.payloads import HISTORIES, JOURNALS
from stories.queries.verification.rows import Chunk


class Covered:
    """The rows that entries cover, by kind of event and by tracked model: a bit for each."""

    def __init__(self) -> None:
        self.rows = 0
        self._named: defaultdict[str, NumberSet] = defaultdict(NumberSet)
        # Those of them that are there, and read as rows.
        self._found: defaultdict[str, NumberSet] = defaultdict(NumberSet)

    def add(self, chunk: Chunk) -> None:
        """Enter what a chunk's entries cover."""
        for payload in filter(None, chunk.payloads):
            kind, number = payload["kind"], payload["event"]
            self._add(kind, number, is_there=(kind, number) in chunk.events)
            for model, _key, _change, history_id, _digest in payload.get("rows", ()):
                self.rows += 1
                self._add(model, history_id, is_there=history_id in chunk.histories[model])

    def _add(self, name: str, number: int, *, is_there: bool) -> None:
        self._named[name].add(number)
        if is_there:
            self._found[name].add(number)

    def uncovered(self) -> Iterator[Finding]:
        """Every table that has rows that no entry names, with the first of them.

        One query a table, one more where there is something to find.
        """
        for name, model in [*HISTORIES.items(), *JOURNALS.items()]:
            stored = model._base_manager.order_by("pk").values_list("pk", flat=True)
            if stored.count() > len(self._found[name]):
                beside = [number for number in stored.iterator() if number not in self._named[name]]
                yield from _told(model._meta.db_table, beside)
        words = EntryText._base_manager.exclude(entry__in=LedgerEntry.objects.all())
        yield from _told("stories_entrytext", list(words.values_list("pk", flat=True)))


def _told(table: str, numbers: list[int]) -> Iterator[Finding]:
    if numbers:
        yield Finding(
            None,
            Kind.UNCOVERED,
            f"{table} has rows that no entry of the ledger covers, {len(numbers)} in all: {listed(numbers)}.",
        )

"""Find rows that no entry covers: inserted without the ledger, or left when its tail was cut off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.db import connection, models

from stories.domain.text.number_set import NumberSet
from stories.models import EntryText, LedgerEntry
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.queries.verification.findings import Finding, Kind, listed
from stories.queries.verification.ledger.rows import Chunk

COVERED: Final[dict[str, type[models.Model]]] = {**HISTORIES, **JOURNALS}


class Covered:
    """The rows that entries cover, by kind of event and by tracked model: a bit for each."""

    def __init__(self) -> None:
        self.rows = 0
        self._named: defaultdict[str, NumberSet] = defaultdict(NumberSet)
        # Those of them that exist and are readable.
        self._found: defaultdict[str, NumberSet] = defaultdict(NumberSet)
        # Rows that more than one entry names, as (table, number).
        self._again: list[tuple[str, int]] = []

    def add(self, chunk: Chunk) -> None:
        """Add what a chunk's entries cover."""
        for payload in filter(None, chunk.payloads):
            kind, number = payload["kind"], payload["event"]
            self._add(kind, number, is_there=(kind, number) in chunk.events)
            for model, _key, _change, history_id, _digest in payload.get("rows", ()):
                self.rows += 1
                self._add(model, history_id, is_there=history_id in chunk.histories[model])

    def _add(self, name: str, number: int, *, is_there: bool) -> None:
        if number in self._named[name]:
            self._again.append((COVERED[name]._meta.db_table, number))
        self._named[name].add(number)
        if is_there:
            self._found[name].add(number)

    def uncovered(self) -> Iterator[Finding]:
        """Yield one finding for all tables with rows that no entry names, with the first of each.

        Two queries, one more for each table with such rows.
        """
        uncovered_tables = [
            f"{table} ({len(numbers)}: {listed(numbers)})"
            for table, numbers in self._uncovered_rows()
            if numbers
        ]
        if uncovered_tables:
            yield Finding(
                None,
                Kind.UNCOVERED,
                f"Rows that no entry of the ledger covers: {', '.join(uncovered_tables)}.",
            )

    def recorded_twice(self) -> Iterator[Finding]:
        """Yield one finding for all rows that more than one entry names. No query."""
        if self._again:
            repeated = listed([f"row {number} of {table}" for table, number in self._again])
            yield Finding(
                None, Kind.UNCOVERED, f"More than one entry of the ledger names the same: {repeated}."
            )

    def _uncovered_rows(self) -> Iterator[tuple[str, list[int]]]:
        stored = _counts([model._meta.db_table for model in COVERED.values()])
        for name, model in COVERED.items():
            table = model._meta.db_table
            if stored[table] > len(self._found[name]):
                numbers = model._base_manager.order_by("pk").values_list("pk", flat=True).iterator()
                yield table, [number for number in numbers if number not in self._named[name]]
        words = EntryText._base_manager.exclude(entry__in=LedgerEntry.objects.all())
        yield "stories_entrytext", list(words.values_list("pk", flat=True))


def _counts(tables: list[str]) -> dict[str, int]:
    """Return how many rows tables have. One query."""
    each = [f"SELECT '{table}', count(*) FROM {table}" for table in tables]  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())

"""Continue a check after an unreadable stored value: report it, and check everything else.

`database.stored_forms` finds the value itself, by querying the database without reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from stories.models import LedgerEntry
from stories.queries.verification.findings import UNREADABLE, Finding, Kind
from stories.queries.verification.ledger.erasures import ExternalEvidence
from stories.queries.verification.ledger.rows import AT_ONCE, Chunk, fetch

# SQLite sorts text after every number, and text is not a sequence.
_LAST = 2**63 - 1


def until_unreadable(
    found: Iterator[Finding], what: str, *, sequence: int | None = None
) -> Iterator[Finding]:
    """Yield findings until a value can't be read; then a finding for that."""
    try:
        yield from found
    except UNREADABLE:
        yield Finding(
            sequence,
            Kind.UNREADABLE,
            f"{what} could not be checked to the end: a value in the way can’t be read.",
        )


def check_stories(
    check: Callable[[Sequence[int]], Iterator[Finding]], articles: Sequence[int], what: str
) -> Iterator[Finding]:
    """Yield the findings of a check for some stories; story by story if a value of one can't be read."""
    try:
        yield from list(check(articles))
    except UNREADABLE:
        for article in articles:
            yield from until_unreadable(check([article]), f"Of story {article} {what}")


def entries_after(sequence: int) -> Iterator[list[LedgerEntry] | Finding]:
    """Yield the ledger's entries in order, some at a time; a finding for each that can't be read."""
    while True:
        rows = LedgerEntry.objects.filter(sequence__gt=sequence, sequence__lte=_LAST).order_by("sequence")[
            :AT_ONCE
        ]
        try:
            entries = list(rows)
        except UNREADABLE:
            numbers = list(rows.values_list("sequence", flat=True))
            for number in numbers:
                yield _entry(number)
            sequence = numbers[-1]
        else:
            if not entries:
                return
            yield entries
            sequence = entries[-1].sequence


def _entry(number: int) -> list[LedgerEntry] | Finding:
    try:
        return [LedgerEntry.objects.get(sequence=number)]
    except UNREADABLE:
        return Finding(number, Kind.UNREADABLE, "it can’t be read (in stories_ledgerentry).")


def chunks(
    entries: Sequence[LedgerEntry], before: Chunk | None, outside: ExternalEvidence
) -> Iterator[Chunk]:
    """Yield the entries with the rows that they name; each entry by itself if one can't be read.

    `before` is the previous chunk.
    """
    try:
        chunk = fetch(entries, outside, before)
    except UNREADABLE:
        for entry in entries:
            yield _chunk(entry, outside)
    else:
        yield chunk


def _chunk(entry: LedgerEntry, outside: ExternalEvidence) -> Chunk:
    try:
        return fetch([entry], outside)
    except UNREADABLE:
        nothing: Any = {}
        return Chunk([entry], [None], *[nothing] * 6)


@contextmanager
def tolerate_invalid_text() -> Iterator[None]:
    """Let SQLite return invalid text: its driver would otherwise end the query without naming the row."""
    if connection.vendor != "sqlite":
        yield
        return
    driver = connection.connection
    before, driver.text_factory = driver.text_factory, lambda data: data.decode(errors="backslashreplace")
    try:
        yield
    finally:
        driver.text_factory = before

"""The ledger as auditors read it: pages of entries, newest first, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from stories.models import LedgerEntry
from stories.queries.ledger.filters import (
    COLUMNS,
    END,
    MOST,
    Equal,
    Everything,
    Filter,
    Period,
    PostgresWords,
    Sql,
    moment,
    rows_of,
    words_filter,
)

PAGE_LENGTH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilters:
    """Which entries. People by id and name as the ledger has them, stories by id; None for all.

    `since` is the first moment and `until` the first after the last.
    """

    people: Sequence[tuple[int | None, str]] | None = None
    stories: Sequence[int] | None = None
    kind: str = ""
    publication_class: str = ""
    size: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Sequences of entries, in their order. Older ones lie before `older_before`, None if there are none.

    If filters together find little, no more than MOST entries are read: `looked_back_to` is the last of them, None if
    all were; what lies further back is on the next page.
    """

    sequences: list[int]
    older_before: int | None = None
    looked_back_to: int | None = None


def ledger_page(requested: LedgerFilters, *, before: int | None = None, length: int = PAGE_LENGTH) -> Page:
    """Return a page of entries before one, by its sequence; the work does not grow with the ledger.

    Newest first, by sequence; with a period, by the time of the events. Two queries at most for one filter, four for
    several.
    """
    filters, period = _filters(requested), _period(requested)
    if period is not None:
        return _by_time(period, filters, _position(before), length)
    if len(filters) < 2:
        alone = filters[0] if filters else Everything()
        return _cut([row[0] for row in alone.first_rows(before or END, length + 1)], length)
    count, rarest = _rarest(filters)
    others = [each for each in filters if each is not rarest]
    if count <= MOST:
        tests = [each.test() for each in others] + [Sql("found.sequence < %s", [before or END])]
        return _cut(_matching(rarest.source(END, MOST), tests, "sequence DESC", length), length)
    source, last = _window(rarest, before or END)
    return _window_page(
        _matching(source, [each.test() for each in others], "sequence DESC", length), last, length
    )


def _filters(asked: LedgerFilters) -> list[Filter]:
    found: list[Filter] = []
    if asked.stories is not None:
        found.append(Equal(("article_id",), [(number,) for number in asked.stories]))
    if asked.people is not None:
        found.append(Equal(("user_id", "user_name"), asked.people))
    for column, value in (("publication_class", asked.publication_class), ("kind", asked.kind)):
        if value:
            found.append(Equal((column,), [(value,)]))
    if asked.size is not None:
        found.append(Equal(("size",), [(asked.size,)]))
    words = words_filter(asked.words)
    if words is not None:
        found.append(words)
    return found


def _period(asked: LedgerFilters) -> Period | None:
    if asked.since is None and asked.until is None:
        return None
    return Period(
        asked.since or datetime(1, 1, 2, tzinfo=UTC), asked.until or datetime(9999, 1, 1, tzinfo=UTC)
    )


def _position(before: int | None) -> tuple[datetime, int] | None:
    """Return an entry's position by time. One query."""
    if before is None:
        return None
    time = LedgerEntry.objects.filter(sequence=before).values_list("recorded_at", flat=True).first()
    return (time, before) if time is not None else None


def _by_time(period: Period, filters: list[Filter], before: tuple[datetime, int] | None, length: int) -> Page:
    if not filters:
        return _cut([row[0] for row in rows_of(period.by_time(before, length + 1))], length)
    count, rarest = _rarest(filters)
    order = "recorded_at DESC, sequence DESC"
    if count <= MOST:
        tests = [each.test() for each in filters if each is not rarest] + [period.test()]
        if before is not None:
            time, sequence = before
            tests.append(Sql("(found.recorded_at, found.sequence) < (%s, %s)", [moment(time), sequence]))
        return _cut(_matching(rarest.source(END, MOST), tests, order, length), length)
    source = period.by_time(before, MOST)
    last = _last(*source, "recorded_at, sequence")
    return _window_page(_matching(source, [each.test() for each in filters], order, length), last, length)


def _rarest(filters: Sequence[Filter]) -> tuple[int, Filter]:
    """Return the filter with the fewest entries, and how many, MOST + 1 for more. One query."""
    counted = [each.counted() for each in filters]
    columns = ", ".join(f"({sql})" for sql, _ in counted)
    counts = rows_of(Sql(f"SELECT {columns}", [value for _, values in counted for value in values]))[0]
    return min(zip(counts, filters, strict=True), key=lambda each: (each[0], not each[1].is_slow))


def _window(rarest: Filter, before: int) -> tuple[Sql, int | None]:
    """Return the newest MOST candidates before an entry, and the last of them, None if there are fewer. One query."""
    if isinstance(rarest, PostgresWords):
        found = rows_of(rarest.last_walked(before))
        return rarest.walk(before, MOST), found[0][0] if found else None
    source = rarest.source(before, MOST)
    return source, _last(*source, "sequence")


def _last(sql: str, values: list[Any], order: str) -> int | None:
    """Return the last of MOST candidates, None if there are fewer. One query."""
    found = rows_of(
        Sql(
            f"SELECT sequence, count(*) OVER () FROM ({sql}) found ORDER BY {order} LIMIT 1",  # noqa: S608 - our own SQL
            values,
        )
    )
    return found[0][0] if found and found[0][1] == MOST else None


def _matching(source: Sql, tests: Sequence[Sql], order: str, length: int) -> list[int]:
    """Return the first of the candidates that pass all tests. One query."""
    sql, values = source
    passes = " AND ".join(test for test, _ in tests)
    found = rows_of(
        Sql(
            f"SELECT sequence FROM (SELECT {COLUMNS} FROM ({sql}) candidates) found"  # noqa: S608 - our own SQL
            f" WHERE {passes} ORDER BY {order} LIMIT %s",
            [*values, *(value for _, given in tests for value in given), length + 1],
        )
    )
    return [row[0] for row in found]


def _cut(found: list[int], length: int) -> Page:
    return Page(sequences=found[:length], older_before=found[length - 1] if len(found) > length else None)


def _window_page(found: list[int], last: int | None, length: int) -> Page:
    if len(found) > length or last is None:
        return _cut(found, length)
    return Page(sequences=found, older_before=last, looked_back_to=last)


def people_of_ledger() -> list[tuple[int | None, str]]:
    """Return everybody with an entry, by id and name as they were then, ordered by name. Two queries."""
    found = [
        # SQLite seeks by all three columns only to values that are expressions, as `|| ''` makes one, and
        # not past a person but to their last entry; "larger than" already excludes NULL, and repeating that would
        # make SQLite seek by it alone.
        *_leaps(
            "next.user_id IS NOT NULL",
            f"(next.user_id, next.user_name, next.sequence) > (this.user_id, this.user_name || '', {END})",
        ),
        *_leaps("next.user_id IS NULL", "next.user_id IS NULL AND next.user_name > this.user_name"),
    ]
    return sorted(found, key=lambda person: person[1].casefold())


def _leaps(first: str, beyond: str) -> list[tuple[int | None, str]]:
    """Return the people by seeking from each to the next along the index, however many entries each of them has."""
    begin, step = (
        f"SELECT next.sequence FROM stories_ledgerentry next WHERE {within}"  # noqa: S608 - our own SQL
        " ORDER BY next.user_id, next.user_name LIMIT 1"
        for within in (first, beyond)
    )
    return [
        (row[0], row[1])
        for row in rows_of(
            Sql(
                f"WITH RECURSIVE people(sequence) AS (SELECT ({begin}) UNION ALL SELECT ({step}) FROM people"  # noqa: S608
                " JOIN stories_ledgerentry this ON this.sequence = people.sequence)"
                " SELECT entry.user_id, entry.user_name FROM people"
                " JOIN stories_ledgerentry entry ON entry.sequence = people.sequence",
                [],
            )
        )
    ]

"""The filters of the ledger's list: each as SQL that walks an index backwards from any entry.

A filter's rows are queried as a range that begins and ends with the same value, ordered by that value and then by the
sequence: only the filter's own index serves that order, so no statistics can lead a planner to scan the whole ledger
instead. Written in SQL because the ORM can't compare row values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from django.db import connection

# The columns of a page's candidates: all that any filter needs.
COLUMNS: Final = "sequence, kind, article_id, user_id, user_name, publication_class, size, recorded_at"
# How many candidates are read for one page, and the limit up to which candidates are counted.
MOST: Final = 5_000
# Greater than every sequence.
END: Final = 2**63 - 1


class Sql(NamedTuple):
    """A statement or a part of one, with its parameters."""

    text: str
    values: list[Any]


class Filter(Protocol):
    """One filter. Its SQL calls the row under test `found`; `is_slow` if a test costs more than a search."""

    is_slow: bool

    def source(self, before: int, limit: int) -> Sql:
        """Return the SQL for the newest candidates before an entry, newest first, with COLUMNS."""

    def test(self) -> Sql:
        """Return the SQL condition for `found` to pass."""

    def counted(self) -> Sql:
        """Return the SQL for the number of candidates, MOST + 1 if there are more."""

    def first_rows(self, before: int, limit: int) -> list[tuple[Any, ...]]:
        """Return the rows of `source`, each as COLUMNS."""


def rows_of(sql: Sql) -> list[tuple[Any, ...]]:
    """Return the rows of a statement. One query."""
    with connection.cursor() as cursor:
        cursor.execute(*sql)
        return list(cursor.fetchall())


class _Counted:
    is_slow = False

    def source(self, before: int, limit: int) -> Sql:
        raise NotImplementedError

    def counted(self) -> Sql:
        sql, values = self.source(END, MOST + 1)
        return Sql(f"SELECT count(*) FROM ({sql}) counted", values)  # noqa: S608 - our own SQL

    def first_rows(self, before: int, limit: int) -> list[tuple[Any, ...]]:
        return rows_of(self.source(before, limit))


@dataclass(frozen=True)
class Everything(_Counted):
    """No filter."""

    def source(self, before: int, limit: int) -> Sql:
        return Sql(
            f"SELECT {COLUMNS} FROM stories_ledgerentry WHERE sequence < %s ORDER BY sequence DESC LIMIT %s",  # noqa: S608
            [before, limit],
        )

    def test(self) -> Sql:
        return Sql("1 = 1", [])


@dataclass(frozen=True)
class Equal(_Counted):
    """Columns that equal any of several tuples of values; None matches NULL."""

    columns: tuple[str, ...]
    any_of: Sequence[tuple[Any, ...]]

    def source(self, before: int, limit: int) -> Sql:
        if not self.any_of:
            return Sql(f"SELECT {COLUMNS} FROM stories_ledgerentry WHERE 1 = 0", [])  # noqa: S608
        parts = [self._range(values, before, limit) for values in self.any_of]
        if len(parts) == 1:
            return parts[0]
        each = " UNION ALL ".join(f"SELECT * FROM ({sql}) part_{n}" for n, (sql, _) in enumerate(parts))  # noqa: S608
        return Sql(
            f"SELECT {COLUMNS} FROM ({each}) parts ORDER BY sequence DESC LIMIT %s",  # noqa: S608
            [value for _, values in parts for value in values] + [limit],
        )

    def _range(self, values: tuple[Any, ...], before: int, limit: int) -> Sql:
        known = [
            (column, value) for column, value in zip(self.columns, values, strict=True) if value is not None
        ]
        names, given = ", ".join(column for column, _ in known), [value for _, value in known]
        marks = ", ".join(["%s"] * len(known))
        empty = [
            f"{column} IS NULL" for column, value in zip(self.columns, values, strict=True) if value is None
        ]
        within = [*empty, f"({names}) >= ({marks})", f"({names}, sequence) < ({marks}, %s)"]
        order = ", ".join(f"{column} DESC" for column in (*self.columns, "sequence"))
        return Sql(
            f"SELECT {COLUMNS} FROM stories_ledgerentry WHERE {' AND '.join(within)} ORDER BY {order} LIMIT %s",  # noqa: S608
            [*given, *given, before, limit],
        )

    def test(self) -> Sql:
        clauses, given = [], []
        for values in self.any_of:
            pairs = list(zip(self.columns, values, strict=True))
            clauses.append(
                " AND ".join(
                    f"found.{column} {'IS NULL' if value is None else '= %s'}" for column, value in pairs
                )
            )
            given += [value for value in values if value is not None]
        return Sql(f"({' OR '.join(f'({each})' for each in clauses) or '1 = 0'})", given)


@dataclass(frozen=True)
class Period(_Counted):
    """Entries of events from one time up to another; an import's events may be years older than their neighbours."""

    since: datetime
    until: datetime

    def source(self, before: int, limit: int) -> Sql:
        # Its rows are ordered by time: use `by_time` for those before an entry.
        return self.by_time(None, limit)

    def by_time(self, before: tuple[datetime, int] | None, limit: int) -> Sql:
        """Return the SQL for the newest by time, then sequence; of those before an entry of a time."""
        until, sequence = min(before or (self.until, 0), (self.until, 0))
        return Sql(
            f"SELECT {COLUMNS} FROM stories_ledgerentry"  # noqa: S608
            " WHERE recorded_at >= %s AND (recorded_at, sequence) < (%s, %s)"
            " ORDER BY recorded_at DESC, sequence DESC LIMIT %s",
            [moment(self.since), moment(until), sequence, limit],
        )

    def test(self) -> Sql:
        return Sql(
            "found.recorded_at >= %s AND found.recorded_at < %s", [moment(self.since), moment(self.until)]
        )


def moment(time: datetime) -> Any:
    """Return a time as this database stores it."""
    return connection.ops.adapt_datetimefield_value(time)


def words_filter(words: str) -> Filter | None:
    """Return the filter of events whose text has all of some words; None for text without a word in it."""
    terms = ["".join(letter if letter.isalnum() else " " for letter in word) for word in words.split()]
    phrases = [" ".join(term.split()) for term in terms if term.split()]
    if not phrases:
        return None
    quoted = " ".join(f'"{phrase}"' for phrase in phrases)
    return PostgresWords(quoted) if connection.vendor == "postgresql" else _SqliteWords(quoted)


_LEDGER_COLUMNS: Final = ", ".join(f"entry.{column}" for column in COLUMNS.split(", "))


@dataclass(frozen=True)
class _SqliteWords(_Counted):
    """FTS5 stores each word's entries in order, and walks them backwards from any."""

    words: str
    is_slow = True

    def source(self, before: int, limit: int) -> Sql:
        return Sql(
            f"SELECT {_LEDGER_COLUMNS} FROM (SELECT rowid AS number FROM stories_ledger_search"  # noqa: S608
            " WHERE stories_ledger_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s) hits"
            " CROSS JOIN stories_ledgerentry entry ON entry.sequence = hits.number",
            [self.words, before, limit],
        )

    def counted(self) -> Sql:
        return Sql(
            "SELECT count(*) FROM (SELECT 1 FROM stories_ledger_search WHERE stories_ledger_search MATCH %s"
            " LIMIT %s) counted",
            [self.words, MOST + 1],
        )

    def test(self) -> Sql:
        return Sql(
            "EXISTS (SELECT 1 FROM stories_ledger_search WHERE stories_ledger_search MATCH %s"
            " AND rowid = found.sequence)",
            [self.words],
        )


_QUERY: Final = "websearch_to_tsquery('simple', %s)"


@dataclass(frozen=True)
class PostgresWords(_Counted):
    """GIN finds all entries of a word at once, unordered: quick for rare words. A walk soon meets common ones."""

    words: str
    is_slow = True

    def source(self, before: int, limit: int) -> Sql:
        return self._joined(
            f"WITH hits AS MATERIALIZED (SELECT entry_id FROM stories_entrytext WHERE search @@ {_QUERY})",  # noqa: S608
            "SELECT entry_id FROM hits WHERE entry_id < %s ORDER BY entry_id DESC LIMIT %s",
            [self.words, before, limit],
        )

    def walk(self, before: int, limit: int) -> Sql:
        """Return the SQL for those among the newest MOST texts."""
        return self._joined(
            "",
            "SELECT entry_id FROM (SELECT entry_id, search FROM stories_entrytext WHERE entry_id < %s"  # noqa: S608
            f" ORDER BY entry_id DESC LIMIT {MOST}) texts WHERE search @@ {_QUERY}"
            " ORDER BY entry_id DESC LIMIT %s",
            [before, self.words, limit],
        )

    def last_walked(self, before: int) -> Sql:
        """Return the SQL for the last text that a walk reads, if it reads MOST of them."""
        return Sql(
            "SELECT entry_id FROM stories_entrytext WHERE entry_id < %s ORDER BY entry_id DESC OFFSET %s LIMIT 1",
            [before, MOST - 1],
        )

    def _joined(self, before: str, numbers: str, values: list[Any]) -> Sql:
        return Sql(
            f"{before} SELECT {_LEDGER_COLUMNS} FROM ({numbers}) numbers"  # noqa: S608
            " JOIN stories_ledgerentry entry ON entry.sequence = numbers.entry_id ORDER BY entry.sequence DESC",
            values,
        )

    def counted(self) -> Sql:
        return Sql(
            f"SELECT count(*) FROM (SELECT 1 FROM stories_entrytext WHERE search @@ {_QUERY} LIMIT %s) counted",  # noqa: S608
            [self.words, MOST + 1],
        )

    def test(self) -> Sql:
        return Sql(
            "EXISTS (SELECT 1 FROM stories_entrytext text WHERE text.entry_id = found.sequence"  # noqa: S608
            f" AND text.search @@ {_QUERY})",
            [self.words],
        )

    def first_rows(self, before: int, limit: int) -> list[tuple[Any, ...]]:
        near = rows_of(self.walk(before, limit))
        return near if len(near) == limit else rows_of(self.source(before, limit))

"""Check the schema of a SQLite database against what the models and migrations make."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from stories.models.integrity import form_guards
from stories.models.integrity.append_only import sqlite_triggers
from stories.models.integrity.search_indexes import SQLITE, SQLITE_TABLES, plain
from stories.queries.verification.database.sqlite_indexes import check_sqlite_indexes, check_sqlite_sequences
from stories.queries.verification.findings import Finding, Kind

# By kind and name: the table that it belongs to, and the statement that makes it.
_Parts = dict[tuple[str, str], tuple[str, str]]

# How many of SQLite's own errors are reported.
_MOST: Final = 20


def check_sqlite_schema(*, whole: bool) -> Iterator[Finding]:
    """Find missing or changed tables, and triggers that are not ours; in a `whole` check broken indexes.

    A few queries; the last of them reads the whole file.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        parts: _Parts = {(kind, name): (table, sql) for kind, name, table, sql in cursor.fetchall()}
    yield from _check_encoding()
    yield from _check_tables(parts)
    yield from _check_others(parts)
    yield from check_sqlite_indexes({name: part for (kind, name), part in parts.items() if kind == "index"})
    if not whole:
        return
    yield from check_sqlite_sequences()
    with connection.cursor() as cursor:
        # Also checks that each index matches its table: a query that uses an index sees nothing else.
        cursor.execute(f"PRAGMA integrity_check({_MOST})")
        for (line,) in cursor.fetchall():
            if line != "ok":
                yield _finding(f"SQLite’s own check of the file says: {line}.")


def check_search_indexes() -> Iterator[Finding]:
    """Find search indexes that differ from their texts. Two statements, each of which blocks writers."""
    if connection.vendor != "sqlite":
        return
    for table in SQLITE_TABLES:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # This is a command, not a row: FTS5 compares, and writes nothing.
                cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except DatabaseError as error:
            if "locked" in str(error):
                raise
            yield Finding(
                None,
                Kind.SEARCH,
                f"The index {table} does not hold what its texts say: searches miss or misname some.",
            )


def _check_encoding() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF-8":
        yield _finding(
            f"The file keeps its texts as {encoding}, and was made to keep them as UTF-8: it is not the file that was "
            "set up, but another that was filled from it. No value of it is in its one form."
        )


def _check_tables(parts: _Parts) -> Iterator[Finding]:
    """Check all tables, Django's own too: a column with a default in the database may make anybody a superuser."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        found = parts.get(("table", table))
        if found is None:
            what = "is a view" if ("view", table) in parts else "is not there"
            yield _finding(f"The table {table} {what}.")
        elif (others := _definitions(found[1]) ^ _definitions(_wanted(model))) and others:
            yield _finding(
                f"The table {table} is made otherwise than its model says: {'; '.join(sorted(others))[:500]}."
            )


def _check_others(parts: _Parts) -> Iterator[Finding]:
    """Find triggers that are not ours, and views, which answer or write in the place of tables."""
    ours = {
        name: plain(sql)
        for guards in (sqlite_triggers(connection), form_guards.expected_guards(connection))
        for of_table in guards.values()
        for name, sql in of_table.items()
    }
    for (kind, name), (table, sql) in sorted(parts.items()):
        if kind == "view":
            yield _finding(f"There is a view, and we have none: {name}.")
        elif kind == "trigger" and plain(sql) != (ours | SQLITE).get(name):
            yield _finding(
                f"The table {table} has a trigger that is none of ours, or is not as it was made: {name}."
            )
    for name, statement in SQLITE.items():
        found = parts.get(("table" if name in SQLITE_TABLES else "trigger", name))
        if found is None or (name in SQLITE_TABLES and plain(found[1]) != statement):
            yield _finding(f"{name}, which keeps what is searched, is not there, or is another.")


@cache
def _wanted(model: type[models.Model]) -> str:
    """Return the statement with which Django would make a model's table."""
    editor: Any = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    return str(editor.table_sql(model)[0])


def _definitions(statement: str) -> frozenset[str]:
    """Return what is between a statement's outer brackets, column by column, and what is around them.

    Unordered: a table that a migration changed has its columns in another order than a new one.
    """
    begin, end = statement.find("("), statement.rfind(")")
    parts, depth, quote, start = [statement[:begin] + statement[end + 1 :]], 0, "", begin + 1
    for place in range(begin + 1, end):
        character = statement[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and not depth:
            parts.append(statement[start:place])
            start = place + 1
        else:
            depth += (character == "(") - (character == ")")
    parts.append(statement[start:end])
    return frozenset(map(plain, parts))


def _finding(message: str) -> Finding:
    return Finding(None, Kind.DATABASE, message)

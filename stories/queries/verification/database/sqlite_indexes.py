"""Check the indexes of a SQLite database, and the sequences of its tables.

An index can refuse rows: a unique or partial one, or one of an expression that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from stories.models.integrity.append_only import APPEND_ONLY_MODELS
from stories.models.integrity.search_indexes import plain
from stories.queries.verification.findings import Finding, Kind

# An index of whole columns over all rows refuses nothing, so an extra one is allowed.
_HARMLESS: Final = re.compile(
    r'CREATE INDEX \S+ ON "?\w+"? ?\( ?"?\w+"?( (ASC|DESC))?(, ?"?\w+"?( (ASC|DESC))?)* ?\)', re.IGNORECASE
)
_NAME: Final = re.compile(r'^(CREATE (?:UNIQUE )?INDEX) (?:"[^"]*"|\S+) ON ', re.IGNORECASE)
# The last number that SQLite gives to a row.
_LAST: Final = 2**63 - 1


def check_sqlite_indexes(indexes: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """Find missing indexes, and extra ones that may refuse a row; `indexes` are table and statement by name."""
    found: dict[str, dict[str, str]] = {}
    tables = set(connection.introspection.table_names())
    for name, (table, statement) in indexes.items():
        found.setdefault(table, {})[name] = plain(statement)
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        # A missing table, or a view in its place, is reported elsewhere.
        if table not in tables:
            continue
        expected, there = _wanted(model), found.get(table, {})
        missing = dict(expected)
        for name, statement in sorted(there.items()):
            if missing.pop(_nameless(statement), None) is None and not _HARMLESS.fullmatch(statement):
                yield _finding(f"The table {table} has an index that is none of ours: {name}.")
        for name in sorted(missing.values()):
            yield _finding(f"The table {table} lacks an index, or has another in its place: {name}.")


def check_sqlite_sequences() -> Iterator[Finding]:
    """Find tables whose next number does not follow from their rows. A query a table, and two."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq, typeof(seq) FROM sqlite_sequence")
        counted: dict[str, list[Any]] = {}
        for name, number, kind in cursor.fetchall():
            counted.setdefault(name, []).append(number if kind == "integer" else None)
        for model in apps.get_models(include_auto_created=True):
            table, key = model._meta.db_table, model._meta.pk
            # A missing table is reported elsewhere.
            if table not in present or not isinstance(key, models.AutoField | models.BigAutoField):
                continue
            cursor.execute(f'SELECT max("{key.column}") FROM "{table}"')  # noqa: S608 - our own names
            newest = cursor.fetchone()[0]
            # A table that never had a row has no sequence.
            numbers = counted.get(table, [] if newest is None else [None])
            number = numbers[0] if numbers else 0
            is_last = newest or 0
            if len(numbers) > 1 or number is None or not is_last <= number < _LAST:
                yield _finding(
                    f"Where {table} goes on counting (in sqlite_sequence) does not follow from its rows."
                )
            elif model in APPEND_ONLY_MODELS and number != is_last:
                yield _finding(
                    f"Rows of {table}, from which none is ever removed, are gone: it had some up to {number} (in "
                    f"sqlite_sequence), and has them up to {is_last}."
                )


@cache
def _wanted(model: type[models.Model]) -> dict[str, str]:
    """Return the indexes that Django would make for a model: each one's name, by its statement without the name."""
    editor: Any = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    editor.create_model(model)
    statements = [plain(str(each)).rstrip(";") for each in (*editor.collected_sql, *editor.deferred_sql)]
    on = f' ON "{model._meta.db_table}" '
    return {
        _nameless(each): each.partition(" ON ")[0].rpartition(" ")[2].strip('"')
        for each in statements
        if _NAME.match(each) and on in each
    }


def _nameless(statement: str) -> str:
    """Return an index's statement without its name: a migration that renames a column keeps the old name."""
    return _NAME.sub(r"\1 ON ", statement)


def _finding(message: str) -> Finding:
    return Finding(None, Kind.DATABASE, message)

"""Check the columns of the record's tables on PostgreSQL against the models' fields."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from stories.models.integrity.search_indexes import POSTGRES_COLUMNS
from stories.queries.verification.findings import Finding, Kind

# PostgreSQL's names of types that Django calls otherwise.
_NAMES: Final = {"varchar": "character varying", "serial": "integer", "bigserial": "bigint"}

_COLUMNS: Final = """
    SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated,
        attgenerated = '' AND atthasdef,
        attcollation <> 0 AND attcollation <> (SELECT typcollation FROM pg_type WHERE oid = atttypid),
        CASE WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid) END
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relname = ANY(%s) AND relnamespace = %s::regnamespace AND relkind = 'r'
"""


def check_columns(schema: str) -> Iterator[Finding]:
    """Find missing or extra columns, and those with another type, default, generation or collation. Three queries."""
    found: defaultdict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        found_models = {model._meta.db_table: model for model in apps.get_app_config("stories").get_models()}
        cursor.execute(_COLUMNS, [list(found_models), schema])
        for table, column, *how in cursor.fetchall():
            found[table][column] = tuple(how)
    for table, columns in sorted(found.items()):
        expected = {str(field.column): field for field in found_models[table]._meta.concrete_fields}
        searched = {column for of, column in POSTGRES_COLUMNS if of == table}
        for name in sorted(expected.keys() | searched | columns.keys()):
            if name not in columns:
                yield _finding(table, name, "is not there")
            elif name not in expected and name not in searched:
                yield _finding(table, name, "is one that we did not make")
            elif wrong := _wrong(table, name, expected.get(name), columns[name]):
                yield _finding(table, name, f"is not as it was made: {wrong}")


def _wrong(table: str, name: str, field: models.Field[Any, Any] | None, how: tuple[Any, ...]) -> str:
    kind, filled, generated, preset, collated, expression = how
    if field is None:
        ours = _as_postgres_writes(table, POSTGRES_COLUMNS[table, name])
        is_ours = kind == "tsvector" and generated == "s" and _unspaced(expression) == _unspaced(ours)
        return "" if is_ours else "what is searched"
    wrong = {
        f"its type is {kind}": kind != _type(field),
        "whether it may be empty": filled == field.null,
        "the database makes it of others": generated != "",
        "it has a default": preset,
        "it is compared by other rules": collated,
    }
    return ", ".join(what for what, is_so in wrong.items() if is_so)


def _type(field: models.Field[Any, Any]) -> str:
    named, bracket, length = str(field.db_type(connection)).partition("(")
    return _NAMES.get(named, named) + bracket + length


def _as_postgres_writes(table: str, expression: str) -> str:
    """Return an expression over a table's columns as PostgreSQL prints it when it explains a query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT {expression} FROM {table}"  # noqa: S608 - our own
        )
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return str(plan[0]["Plan"]["Output"][0]).replace(f"{table}.", "")


def _unspaced(text: str | None) -> str:
    """Return an expression without white space: its line breaks depend on where it is used."""
    return "".join((text or "").split())


def _finding(table: str, column: str, what: str) -> Finding:
    return Finding(None, Kind.DATABASE, f"The column {column} of {table} {what}.")

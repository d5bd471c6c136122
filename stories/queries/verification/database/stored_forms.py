"""Check that every stored value is readable and in its column's one form.

Also in tables that are no part of the record: an unreadable name ends any query that comes upon it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from stories.models.integrity.stored_forms import forms, text_columns
from stories.queries.verification.findings import Finding, Kind, changed

# Of a column's values in another form: how many are named, and how many are stored.
_MOST_NAMED: Final = 5
_MOST_STORED: Final = 20


@dataclass(slots=True)
class _Others:
    """The values of a column that are in another form: how many, and the key and stored value of the first rows."""

    count: int = 0
    first: list[tuple[str, str]] = field(default_factory=list)


def check_stored_forms() -> Iterator[Finding]:
    """Yield a finding for each column with values in another form, with the keys of their rows.

    One query a table, and on SQLite one more for each column of JSON.
    """
    present = set(connection.introspection.table_names())
    with _with_utf8_function():
        for model in apps.get_models(include_auto_created=True):
            # A missing table is reported elsewhere.
            if model._meta.db_table not in present:
                continue
            found: defaultdict[str, _Others] = defaultdict(_Others)
            for column, key in (*_other_forms(model), *_other_json(model)):
                others = found[column]
                others.count += 1
                if len(others.first) < _MOST_STORED:
                    others.first.append((_printable(key), _printable(_stored(model, column, key))))
            for column, others in found.items():
                yield _finding(model, column, others)


def _other_forms(model: type[models.Model]) -> Iterator[tuple[str, Any]]:
    conditions = forms(model, connection.vendor)
    if not conditions:
        return
    whole = _is_text(model) if connection.vendor == "sqlite" else ""
    table, key = model._meta.db_table, _as_text(model._meta.pk.column)
    met = ", ".join(f"({condition}) IS TRUE" for condition in conditions.values())
    unmet = " OR ".join(
        f"({condition}) IS NOT TRUE" for condition in [*conditions.values(), whole] if condition
    )
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {key}, {met} FROM "{table}" WHERE {unmet}')  # noqa: S608 - our own names
        for number, *fine in cursor:
            bad = [column for column, is_fine in zip(conditions, fine, strict=True) if not is_fine]
            # If every value is of the right type, one is a text that is not UTF-8.
            for column in bad or text_columns(model):
                if bad or not _reads(_stored(model, column, number)):
                    yield column, number


def _other_json(model: type[models.Model]) -> Iterator[tuple[str, Any]]:
    """Yield JSON values that equal ours but are written differently. PostgreSQL has one way of writing them."""
    if connection.vendor == "postgresql":
        return
    for column in (each.column for each in model._meta.concrete_fields if isinstance(each, models.JSONField)):
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {_as_text(model._meta.pk.column)}, "{column}" '  # noqa: S608 - our own names
                f'FROM "{model._meta.db_table}" WHERE typeof("{column}") = \'text\' '
                f'AND json_valid("{column}") AND is_utf8(CAST("{column}" AS BLOB))'
            )
            for number, value in cursor:
                if not _is_our_json(value):
                    yield str(column), number


@lru_cache(maxsize=4_096)
def _is_our_json(text: str) -> bool:
    try:
        return json.dumps(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False


def _finding(model: type[models.Model], column: str, others: _Others) -> Finding:
    first = ", ".join(key for key, _value in others.first[:_MOST_NAMED])
    more = f" and {others.count - _MOST_NAMED} more" if others.count > _MOST_NAMED else ""
    return Finding(
        None,
        Kind.STORED,
        f"The column {column} of {model._meta.db_table} holds what is no value of it, or is one written otherwise than "
        f"it was, in row {first}{more}.",
        tuple(changed(f"{column} of row {key}", "in its one form", value) for key, value in others.first),
    )


def _stored(model: type[models.Model], column: str, number: Any) -> Any:
    """Return a column's stored value, as bytes on SQLite; by the row's key as text."""
    asked = f'"{column}"::text' if connection.vendor == "postgresql" else f'CAST("{column}" AS BLOB)'
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {asked} FROM "{model._meta.db_table}" '  # noqa: S608 - our own names
            f"WHERE {_as_text(model._meta.pk.column)} = %s LIMIT 1",
            [number],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _reads(value: Any) -> bool:
    try:
        return not isinstance(value, bytes | memoryview) or bytes(value).decode() is not None
    except UnicodeDecodeError:
        return False


def _printable(value: Any) -> str:
    """Return a stored value for a sentence, even if it is not text."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="backslashreplace")
    return str(value)


def _as_text(column: str | None) -> str:
    """Return the SQL for a column that the driver can read, whatever it contains."""
    return f'"{column}"::text' if connection.vendor == "postgresql" else f'CAST("{column}" AS BLOB)'


def _is_text(model: type[models.Model]) -> str:
    """Return the SQL condition that all of a row's texts are UTF-8.

    With a separator between them, so that two halves can't form a character.
    """
    texts: Iterable[str] = (f"coalesce(\"{column}\", '')" for column in text_columns(model))
    joined = " || char(10) || ".join(texts)
    return f"is_utf8(CAST({joined} AS BLOB))" if joined else ""


@contextmanager
def _with_utf8_function() -> Iterator[None]:
    """Give SQLite a function to test whether bytes are UTF-8: its own functions accept any bytes as text."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.create_function("is_utf8", 1, _reads, deterministic=True)
    try:
        yield
    finally:
        connection.connection.create_function("is_utf8", 1, None)

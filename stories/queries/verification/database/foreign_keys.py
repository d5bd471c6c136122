"""Find dangling foreign keys: no database allows them, unless its checks are switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from stories.queries.verification.findings import Finding, Kind, listed

# How many rows are counted per column.
_MOST = 1_000


def check_foreign_keys() -> Iterator[Finding]:
    """Find the foreign keys that point nowhere, of Django's own tables too. One query a foreign key."""
    quote, present = connection.ops.quote_name, set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        for key in model._meta.concrete_fields:
            if not (isinstance(key, models.ForeignKey) and _is_enforced(key)):
                continue
            # A missing table is reported elsewhere.
            if not {model._meta.db_table, key.target_field.model._meta.db_table} <= present:
                continue
            table, target = quote(model._meta.db_table), quote(key.target_field.model._meta.db_table)
            own, column, other = quote(_key(model)), quote(key.column), quote(str(key.target_field.column))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {own} FROM {table} AS t WHERE {column} IS NOT NULL AND NOT EXISTS "  # noqa: S608 - our own
                    f"(SELECT 1 FROM {target} AS o WHERE o.{other} = t.{column}) ORDER BY 1 LIMIT {_MOST}"
                )
                rows = [row for (row,) in cursor.fetchall()]
            if rows:
                yield _finding(model, key, rows)


def _is_enforced(key: Any) -> bool:
    """Return whether the database itself enforces a foreign key."""
    return bool(key.db_constraint)


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _finding(model: type[models.Model], key: Any, rows: list[Any]) -> Finding:
    return Finding(
        None,
        Kind.DATABASE,
        f"The column {key.column} of {model._meta.db_table} points to what is not in "
        f"{key.target_field.model._meta.db_table}, in row {listed(rows)}.",
    )

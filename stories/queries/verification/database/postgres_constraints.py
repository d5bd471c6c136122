"""Check the keys and constraints of the tables on PostgreSQL against their models.

On SQLite they are in the statement that makes a table, which is compared as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from stories.queries.verification.database.postgres_conditions import is_condition_of
from stories.queries.verification.database.postgres_queries import finding
from stories.queries.verification.findings import Finding

# Constraints that are not validated for old rows, and indexes that lack some rows.
_NOT_VALIDATED: Final = """
    SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE NOT convalidated AND relname = ANY(%s) AND relnamespace = %s::regnamespace
"""
_INVALID_INDEXES: Final = """
    SELECT tables.relname, indexes.relname FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid
    JOIN pg_class AS indexes ON indexes.oid = indexrelid
    WHERE NOT (indisvalid AND indisready AND indislive) AND tables.relname = ANY(%s)
    AND tables.relnamespace = %s::regnamespace
"""
# Foreign keys that change or remove the rows that point to what was changed or removed.
_ACTING_KEYS: Final = """
    SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND (confdeltype <> 'a' OR confupdtype <> 'a')
    AND relname = ANY(%s) AND relnamespace = %s::regnamespace
"""
# What may refuse a row: checks, and unique, expression and partial indexes; each with its condition.
_REFUSING: Final = """
    SELECT relname, conname, CASE contype WHEN 'c' THEN 'check' ELSE 'exclusion' END, pg_get_expr(conbin, conrelid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype IN ('c', 'x') AND relname = ANY(%s) AND relnamespace = %s::regnamespace
    UNION ALL
    SELECT tables.relname, indexes.relname,
        CASE WHEN indisunique THEN 'unique' WHEN indexprs IS NOT NULL THEN 'expression' ELSE 'partial' END,
        pg_get_expr(indpred, indrelid)
    FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid
    JOIN pg_class AS indexes ON indexes.oid = indexrelid
    WHERE (indisunique OR indpred IS NOT NULL OR indexprs IS NOT NULL) AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
    ) AND tables.relname = ANY(%s) AND tables.relnamespace = %s::regnamespace
"""


def check_constraints(schema: str) -> Iterator[Finding]:
    """Find missing keys and constraints, those not valid for every row, and extra ones that may refuse a row.

    Two queries a table, one for each condition, and four.
    """
    tables = {model._meta.db_table: model for model in apps.get_app_config("stories").get_models()}
    with connection.cursor() as cursor:
        there = {each.name for each in connection.introspection.get_table_list(cursor) if each.type == "t"}
        # A missing table, or a view in its place, is reported elsewhere.
        for table in sorted(tables.keys() & there):
            found = connection.introspection.get_constraints(cursor, table)
            for what in _lacking(tables[table], found):
                yield finding(f"The table {table} lacks {what}.")
        cursor.execute(_NOT_VALIDATED, [list(tables), schema])
        for table, name in cursor.fetchall():
            yield finding(f"The table {table} has a constraint that is not held: {name}.")
        cursor.execute(_INVALID_INDEXES, [list(tables), schema])
        for table, name in cursor.fetchall():
            yield finding(f"The table {table} has an index that does not hold all its rows: {name}.")
        cursor.execute(_ACTING_KEYS, [list(tables), schema])
        for table, name in cursor.fetchall():
            yield finding(f"The table {table} has a foreign key that changes its rows by itself: {name}.")
        cursor.execute(_REFUSING, [list(tables), schema] * 2)
        for table, name, kind, condition in cursor.fetchall():
            if not _is_ours(tables[table], name, kind, condition):
                yield finding(f"The table {table} has a constraint or an index that is none of ours: {name}.")


def _lacking(model: type[models.Model], found: dict[str, Any]) -> Iterator[str]:
    unique = {tuple(each["columns"]) for each in found.values() if each["unique"] or each["primary_key"]}
    primary = {tuple(each["columns"]) for each in found.values() if each["primary_key"]}
    foreign = {
        (tuple(each["columns"]), each["foreign_key"]) for each in found.values() if each["foreign_key"]
    }
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if field.primary_key and (column,) not in primary:
            yield f"its primary key ({column})"
        elif field.unique and (column,) not in unique:
            yield f"a key ({column})"
        if isinstance(field, models.ForeignKey) and _is_enforced(field):
            target = (str(field.target_field.model._meta.db_table), str(field.target_field.column))
            if ((column,), target) not in foreign:
                yield f"a foreign key ({column})"
    for constraint in model._meta.constraints:
        there = found.get(constraint.name)
        if there is None:
            yield f"a constraint ({constraint.name})"
        elif isinstance(constraint, models.UniqueConstraint):
            fields: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
            if not (there["unique"] and there["columns"] == [field.column for field in fields]):
                yield f"a constraint ({constraint.name}), whose name another has"


def _is_ours(model: type[models.Model], name: str, kind: str, condition: str | None) -> bool:
    """Return whether a model or its guard has a check, or an index that may refuse rows, of this name and condition."""
    if kind == "partial":
        indexes = {each.name: each for each in model._meta.indexes}
        return name in indexes and is_condition_of(model, indexes[name], condition or "true")
    if kind != "check" or condition is None:
        return False
    checks = {each.name: each for each in model._meta.constraints if isinstance(each, models.CheckConstraint)}
    if name in checks:
        return is_condition_of(model, checks[name], condition)
    positive = {
        f"({field.column} >= 0)"
        for field in model._meta.concrete_fields
        if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
    }
    # The guard's condition is compared by `form_guards`.
    return condition in positive or name == f"{model._meta.db_table}_in_one_form"


def _is_enforced(key: Any) -> bool:
    """Return whether the database itself enforces a foreign key."""
    return bool(key.db_constraint)

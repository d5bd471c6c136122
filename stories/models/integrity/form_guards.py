"""Guards that allow only one form of each value: triggers on SQLite, CHECK constraints on PostgreSQL.

Separate from `models.integrity.append_only`, whose guards are lifted for an erasure; these never are. `migrate` removes
them before it changes a table, which SQLite would otherwise refuse, and restores them afterwards.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from stories.models.integrity.append_only import RECORD_MODELS
from stories.models.integrity.stored_forms import forms, value_field

# By table, each guard's statement by its name.
_Guards = dict[str, dict[str, str]]

_IN_POSTGRES: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'c' AND convalidated AND conname LIKE '%%\\_in\\_one\\_form' AND relname = ANY(%s)
    AND pg_table_is_visible(conrelid)
"""
_IN_SQLITE: Final = """
    SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(name, '_in_one_form_') > 0
"""


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the existing tables without such a guard, or with another one, ordered by name. Two queries."""
    present, there = _present(connection), set(connection.introspection.table_names())
    return sorted(
        table
        for table, guards in expected_guards(connection).items()
        if table in there and any(present.get(table, {}).get(name) != what for name, what in guards.items())
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Guard every table that has no such guard. On PostgreSQL only the tables' owner may call it."""
    tables, guards = missing(connection), expected_guards(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in tables:
            for name, what in guards[table].items():
                if connection.vendor == "postgresql":
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
                    cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {what}')
                else:
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                    cursor.execute(what)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove all of them, until `install`."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, guards in _present(connection).items():
            for name in guards:
                if connection.vendor == "postgresql":
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                else:
                    cursor.execute(f'DROP TRIGGER "{name}"')


def expected_guards(connection: BaseDatabaseWrapper) -> _Guards:
    """Return the guards that every table of the record should have."""
    make = _constraint if connection.vendor == "postgresql" else _triggers
    return {model._meta.db_table: guards for model in RECORD_MODELS if (guards := make(model))}


@receiver(pre_migrate)
def remove_before_migrate(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Let a migration change columns: SQLite drops no column that a trigger refers to."""
    if sender.name == "stories" and any(migration.app_label == "stories" for migration, _back in plan):
        remove(connections[using])


@receiver(post_migrate)
def install_after_migrate(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Guard all tables, once they are as the models define them."""
    if sender.name == "stories" and not any(backwards for _migration, backwards in plan):
        install(connections[using])


def _present(connection: BaseDatabaseWrapper) -> _Guards:
    tables = [model._meta.db_table for model in RECORD_MODELS]
    found: _Guards = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_IN_POSTGRES, [tables])
        else:
            cursor.execute(_IN_SQLITE)
        for table, name, what in cursor.fetchall():
            found.setdefault(table.rpartition(".")[2].strip('"'), {})[name] = what
    return found


def _constraint(model: type[models.Model]) -> dict[str, str]:
    """Return the constraint as PostgreSQL itself would print it, so that it can be compared."""
    times = [
        f"isfinite({field.column})"
        for field in model._meta.concrete_fields
        if isinstance(value_field(field), models.DateField)
    ]
    if not times:
        return {}
    condition = times[0] if len(times) == 1 else f"({' AND '.join(times)})"
    return {f"{model._meta.db_table}_in_one_form": f"CHECK ({condition})"}


@cache
def _triggers(model: type[models.Model]) -> dict[str, str]:
    table = model._meta.db_table
    conditions = " AND ".join(forms(model, "sqlite", row="NEW.").values())
    refuse = f"SELECT RAISE(ABORT, '{table} holds each value in one form alone, and this is another.')"
    return {
        f"{table}_in_one_form_{event.lower()}": (
            f'CREATE TRIGGER "{table}_in_one_form_{event.lower()}" AFTER {event} ON "{table}" '
            f"WHEN ({conditions}) IS NOT TRUE BEGIN {refuse}; END"
        )
        for event in ("INSERT", "UPDATE")
    }

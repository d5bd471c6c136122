"""Triggers that make the record append-only: the database itself refuses to change or delete its rows.

The owner of the tables can remove a trigger, which `verify_ledger` reports; a web process that connects as another role
can't (`manage.py grants`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from stories.models.addresses import OldAddress, StoryAddress
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.models.pictures import Picture, PictureSize
from stories.models.publications import PublicationCard, PublishedNote, PublishedPicture, SearchText
from stories.models.record.ledger import DailyHead, EntryText, LedgerEntry
from stories.models.record.part_keys import PartKey
from stories.models.verification_runs import VerificationRun
from stories.models.withholdings import StoryMask

APPEND_ONLY_MODELS: Final[tuple[type[models.Model], ...]] = (
    *(history_model(model) for model in TRACKED_MODELS),
    *JOURNAL_MODELS,
    LedgerEntry,
    DailyHead,
    VerificationRun,
    PublicationCard,
    PublishedNote,
    PublishedPicture,
    StoryAddress,
    OldAddress,
    PartKey,
    PictureSize,
)
# All that verification checks: also the working copies, and data derived from the record, which may change.
RECORD_MODELS: Final[tuple[type[models.Model], ...]] = (
    *APPEND_ONLY_MODELS,
    *TRACKED_MODELS,
    EntryText,
    SearchText,
    StoryMask,
    Picture,
)
APPEND_ONLY_TABLES: Final = tuple(model._meta.db_table for model in APPEND_ONLY_MODELS)
# The web process reads them and adds to them. The entries' text is changed by an erasure alone, as the tables' owner.
ADDED_TO_TABLES: Final = (*APPEND_ONLY_TABLES, EntryText._meta.db_table)

# `guards_lifted` sets the setting for its transaction; the guards accept it from the tables' owner alone.
GUARD_BODY: Final = """
BEGIN
    IF current_setting('stories.lifted', true) = 'on' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is append-only: its rows are never changed or removed.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
"""
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION stories_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body${GUARD_BODY}$body$
"""


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the existing tables without a guard, or with another than ours, in the order of their names.

    One or two queries.
    """
    return sorted(_postgres_missing(connection) if _is_postgres(connection) else _sqlite_missing(connection))


def install(connection: BaseDatabaseWrapper) -> None:
    """Guard every table that has no guard of ours. On PostgreSQL only the tables' owner may call it."""
    tables = missing(connection)
    if not tables:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if not _is_postgres(connection):
            triggers = sqlite_triggers(connection)
            for table in tables:
                for name, sql in triggers[table].items():
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                    cursor.execute(sql)
            return
        cursor.execute(_FUNCTION)
        for table in tables:
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION stories_refuse_change()"
            )
            # Also active in a session in replica mode, where other triggers are disabled.
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove every guard, until `install`."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if _is_postgres(connection):
            cursor.execute("DROP FUNCTION IF EXISTS stories_refuse_change() CASCADE")
            return
        for name in _sqlite_present(connection):
            cursor.execute(f'DROP TRIGGER "{name}"')


@contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let this transaction change append-only rows, inside the block: for actions.takedown.erase alone.

    It leaves no trace if it fails, and others see every guard in place meanwhile. Raises RuntimeError outside a
    transaction, and PermissionError if the connection's role on PostgreSQL does not own the tables.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The guards of the record are lifted inside the transaction that changes it.")
    with transaction.atomic(using=connection.alias):
        if _is_postgres(connection):
            _refuse_strangers(connection)
            _postgres_lift(connection, "on")
            yield
            _postgres_lift(connection, "off")
        else:
            remove(connection)
            yield
            install(connection)


@receiver(post_migrate)
def install_after_migrate(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Guard new tables, and those that a migration rebuilt: on SQLite a dropped table takes its triggers with it."""
    if sender.name == "stories" and not any(backwards for _migration, backwards in plan):
        install(connections[using])


def _is_postgres(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _postgres_lift(connection: BaseDatabaseWrapper, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('stories.lifted', %s, true)", [value])


def _refuse_strangers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_user, min(pg_get_userbyid(relowner)) FROM pg_class
            WHERE relname = ANY(%s) AND relkind = 'r' AND pg_table_is_visible(oid)
            AND NOT pg_has_role(current_user, relowner, 'USAGE')
            """,
            [list(APPEND_ONLY_TABLES)],
        )
        user, owner = cursor.fetchone()
    if owner is not None:
        raise PermissionError(
            f"The database role {user} may only add to the record; nothing was changed. Connect as {owner}, the "
            "role that owns its tables: name it in DATABASE_URL."
        )


def _postgres_missing(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        # 27: before, for each row, update or delete. A guard with a condition, or for some columns, does not count.
        cursor.execute(
            """
            SELECT relname FROM pg_class AS tables
            WHERE relname = ANY(%s) AND relkind = 'r' AND pg_table_is_visible(oid) AND NOT EXISTS (
                SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                JOIN pg_language ON pg_language.oid = prolang
                WHERE tgrelid = tables.oid AND tgname = 'append_only' AND tgenabled = 'A' AND tgtype = 27
                AND tgqual IS NULL AND cardinality(tgattr::int2[]) = 0
                AND proname = 'stories_refuse_change' AND prosrc = %s AND pronamespace = relnamespace
                AND proowner = relowner AND lanname = 'plpgsql' AND NOT prosecdef
                AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
            )
            """,
            [list(APPEND_ONLY_TABLES), GUARD_BODY],
        )
        return [table for (table,) in cursor.fetchall()]


def _sqlite_missing(connection: BaseDatabaseWrapper) -> list[str]:
    present = _sqlite_present(connection)
    return [
        table
        for table, triggers in sqlite_triggers(connection).items()
        if any(present.get(name) != sql for name, sql in triggers.items())
    ]


def _sqlite_present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%append_only%%'"
        )
        return dict(cursor.fetchall())


def sqlite_triggers(connection: BaseDatabaseWrapper) -> dict[str, dict[str, str]]:
    """Return the triggers of each existing table: by table, the statement of each by its name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tables.name, indexes.name, columns.name FROM sqlite_master AS tables
            LEFT JOIN pragma_index_list(tables.name) AS indexes ON indexes."unique" AND NOT indexes.partial
            LEFT JOIN pragma_index_info(indexes.name) AS columns
            WHERE tables.type = 'table' ORDER BY tables.name, indexes.name, columns.seqno
            """
        )
        rows = [row for row in cursor.fetchall() if row[0] in APPEND_ONLY_TABLES]
    return {
        table: _sqlite_triggers_of(
            table,
            [
                [column for _table, _index, column in columns]
                for index, columns in groupby(of_table, key=lambda row: row[1])
                if index is not None
            ],
        )
        for table, of_table in groupby(rows, key=lambda row: row[0])
    }


def _sqlite_triggers_of(table: str, unique: list[list[str]]) -> dict[str, str]:
    """Return the triggers of one table.

    INSERT OR REPLACE deletes the conflicting row without firing a delete trigger, so an insert trigger refuses
    conflicts.
    """
    keys = [" AND ".join(f'"{name}" = NEW."{name}"' for name in names) for names in [["rowid"], *unique]]
    taken = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}" WHERE {key})' for key in keys)  # noqa: S608 - our own names
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only: its rows are never changed or removed.')"
    events = {
        f"{table}_append_only_update": f'UPDATE ON "{table}"',
        f"{table}_append_only_delete": f'DELETE ON "{table}"',
        f"{table}_append_only_insert": f'INSERT ON "{table}" WHEN {taken}',
    }
    return {
        name: f'CREATE TRIGGER "{name}" BEFORE {event} BEGIN {refuse}; END' for name, event in events.items()
    }

"""Give back the space of rows that were erased: until then their bytes lie in the database's files."""

from __future__ import annotations

from typing import Final

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from stories.models import (
    ContactAttempt,
    DeskRecord,
    EntryText,
    SearchText,
    TermsDecision,
    Withheld,
)
from stories.models.append_only import APPEND_ONLY_TABLES
from stories.models.registry import TRACKED_MODELS

# Every table that an erasure may change.
TABLES: Final = sorted(
    {
        *APPEND_ONLY_TABLES,
        *(model._meta.db_table for model in TRACKED_MODELS),
        *(
            model._meta.db_table
            for model in (
                ContactAttempt,
                DeskRecord,
                EntryText,
                LogEntry,
                SearchText,
                Session,
                TermsDecision,
                Withheld,
            )
        ),
    }
)


class NotReclaimed(Exception):
    """The database still holds bytes of what was erased; the message says why."""


def reclaim() -> None:
    """Write the tables anew without what was erased, and empty what logs of the database hold of it.

    Outside a transaction. On PostgreSQL each table is locked while it is written, and its role must own them; where
    it is no superuser, the statistics and the write-ahead log are left to the server's own cleaning. Raises
    NotReclaimed where others are in the way; it may be called again.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A database gives space back outside a transaction alone.")
    try:
        if connection.vendor == "postgresql":
            _reclaim_on_postgres()
        else:
            _reclaim_on_sqlite()
    except DatabaseError as error:
        raise NotReclaimed(str(error)) from error


def _reclaim_on_sqlite() -> None:
    with connection.cursor() as cursor:
        # An index keeps the words of rows that changed until its parts are merged.
        cursor.execute("INSERT INTO stories_search(stories_search) VALUES ('rebuild')")
        cursor.execute("INSERT INTO stories_ledger_search(stories_ledger_search) VALUES ('rebuild')")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (is_busy, *_pages) = cursor.fetchone()
        if is_busy:
            raise NotReclaimed("Somebody reads the database, so that its write-ahead log can’t be emptied.")


def _reclaim_on_postgres() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            # Analysed too: the statistics quote the commonest values of each column.
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
        if is_superuser:
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
            # The files of the tables as they were are only now let go of.
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")

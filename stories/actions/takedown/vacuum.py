"""Reclaim the disk space of erased rows: until then their bytes are in the database's files."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from stories.models import (
    Author,
    ContactAttempt,
    DeskRecord,
    EntryText,
    LiveCredit,
    PublishedStory,
    SearchText,
    StoryMask,
    TermsDecision,
)
from stories.models.integrity.append_only import APPEND_ONLY_TABLES
from stories.models.integrity.registry import TRACKED_MODELS

# Every table that an erasure may change, and that of profiles, which their owners empty.
TABLES: Final = sorted(
    {
        *APPEND_ONLY_TABLES,
        *(model._meta.db_table for model in TRACKED_MODELS),
        *(
            model._meta.db_table
            for model in (
                Author,
                ContactAttempt,
                DeskRecord,
                EntryText,
                LiveCredit,
                LogEntry,
                PublishedStory,
                SearchText,
                Session,
                TermsDecision,
                StoryMask,
            )
        ),
    }
)

# How many seconds to wait for other transactions, and how long between two checks.
PATIENCE: Final = 600
PAUSE: Final = 0.2

# What can still read rows as they were before transaction %(mark)s. A transaction that has written can do so from any
# database of the server: the snapshot under which a table is rewritten begins with the oldest of them.
_HOLDERS: Final = """
    SELECT format(
        'process %%s (%%s) in database %%s, in a transaction%%s',
        pid,
        coalesce(nullif(application_name, ''), backend_type, 'of another user'),
        coalesce(datname, 'none'),
        to_char(xact_start, '" since "YYYY-MM-DD HH24:MI:SS TZ')
    )
    FROM pg_stat_activity
    WHERE pid <> pg_backend_pid()
      AND (age(backend_xid) > age(%(mark)s::xid)
        OR age(backend_xmin) > age(%(mark)s::xid) AND coalesce(datname, current_database()) = current_database())
    UNION ALL
    SELECT format('the prepared transaction %%s in database %%s', gid, database)
    FROM pg_prepared_xacts WHERE age(transaction) > age(%(mark)s::xid)
    UNION ALL
    SELECT format('the replication slot %%s', slot_name)
    FROM pg_replication_slots
    WHERE age(xmin) > age(%(mark)s::xid)
      OR age(catalog_xmin) > age(%(mark)s::xid) AND coalesce(database, current_database()) = current_database()
"""


class NotReclaimed(Exception):
    """The database or the cache still has bytes of what was erased; the message says why."""


def ignore_message(sentence: str) -> None:
    """Ignore a progress message."""


def vacuum(*, patience: float = PATIENCE, say: Callable[[str], object] = ignore_message) -> None:
    """Rewrite the tables without what was erased, and empty the database's logs and the cache.

    Call it outside a transaction. On PostgreSQL each table is locked while it is rewritten, and the role must own it;
    if it is not a superuser, the statistics and the write-ahead log are left to the server's own cleaning. Waits up to
    `patience` seconds for transactions that may still read what was erased; `say` is called with a sentence on whom it
    waits for. Raises NotReclaimed if others are in the way; it may be called again.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A database gives space back outside a transaction alone.")
    try:
        if connection.vendor == "postgresql":
            _reclaim_on_postgres(patience, say)
        else:
            _reclaim_on_sqlite()
    except DatabaseError as error:
        raise NotReclaimed(str(error)) from error
    _empty_cache()


def _empty_cache() -> None:
    try:
        cache.clear()
    except Exception as error:  # each kind of cache has errors of its own
        raise NotReclaimed(
            f"The cache does not answer ({type(error).__name__}); pages that it keeps may hold what was erased."
        ) from error


def _reclaim_on_sqlite() -> None:
    with connection.cursor() as cursor:
        # An index contains the words of changed rows until its segments are merged.
        cursor.execute("INSERT INTO stories_search(stories_search) VALUES ('rebuild')")
        cursor.execute("INSERT INTO stories_ledger_search(stories_ledger_search) VALUES ('rebuild')")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (is_busy, *_pages) = cursor.fetchone()
        if is_busy:
            raise NotReclaimed("Somebody reads the database, so that its write-ahead log can’t be emptied.")


def _reclaim_on_postgres(patience: float, say: Callable[[str], object]) -> None:
    with connection.cursor() as cursor:
        _outwait_others(cursor, patience, say)
        for table in TABLES:
            # ANALYZE too: the statistics quote the commonest values of each column.
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
        if is_superuser:
            # The old statistics are dead rows only since the ANALYZE.
            _outwait_others(cursor, patience, say)
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
            # The old files of the tables are released only now.
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")


def _outwait_others(cursor: CursorWrapper, patience: float, say: Callable[[str], object]) -> None:
    """Wait until no transaction can read what is deleted by now.

    VACUUM FULL silently copies a deleted row into the table's new file if a transaction can read it.
    """
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    (mark,) = cursor.fetchone()
    until = time.monotonic() + patience
    waits_for = ""
    while holders := _holders(cursor, mark):
        if time.monotonic() >= until:
            raise NotReclaimed(f"PostgreSQL keeps it for {holders[0]}.")
        if holders[0] != waits_for:
            waits_for = holders[0]
            say(f"Waiting for {waits_for}: it may still read what was erased.")
        time.sleep(PAUSE)


def _holders(cursor: CursorWrapper, mark: str) -> list[str]:
    """Return who may still read what was deleted before a transaction."""
    cursor.execute(_HOLDERS, {"mark": mark})
    return [holder for (holder,) in cursor.fetchall()]

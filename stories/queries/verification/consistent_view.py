"""One unchanging view of the database, however long the reading takes and whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from stories.models import Publication


@contextmanager
def consistent_view() -> Iterator[None]:
    """Read as of one moment. Does nothing inside a transaction or another view, whose caller decided what it sees.

    Nobody waits for it: on SQLite it takes no write lock, as `atomic` would. It is of the database that queries are
    routed to when it begins.
    """
    connection = connections[router.db_for_read(Publication)]
    if connection.in_atomic_block or _is_open(connection):
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def _is_open(connection: BaseDatabaseWrapper) -> bool:
    """Return whether a connection has an open view on SQLite, which Django does not know of."""
    if connection.vendor != "sqlite":
        return False
    connection.ensure_connection()
    return bool(connection.connection.in_transaction)

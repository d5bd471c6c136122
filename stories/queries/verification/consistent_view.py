"""One unchanging view of the database, however long the reading takes and whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def consistent_view() -> Iterator[None]:
    """Read as of one moment. Does nothing inside a transaction or another view, whose caller decided what it sees.

    Nobody waits for it: on SQLite it takes no write lock, as `atomic` would.
    """
    if connection.in_atomic_block or _is_open():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
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


def _is_open() -> bool:
    """Return whether this connection has an open view on SQLite, which Django does not know of."""
    if connection.vendor != "sqlite":
        return False
    connection.ensure_connection()
    return bool(connection.connection.in_transaction)

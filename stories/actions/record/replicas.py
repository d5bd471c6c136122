"""Commit what readers must no longer see once the replicas show it no more."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any, Final

from django.db import connection, transaction
from django.db.utils import Error

# For how many seconds a commit waits for replicas. Longer than the lag with which one may be read from
# (newsroom.replicas): one that has not answered by then shows an old heartbeat, and nobody reads from it.
LIMIT: Final = 2.0

_log = logging.getLogger(__name__)


@contextmanager
def applied_on_replicas() -> Iterator[None]:
    """Run a transaction whose commit waits until the synchronous replicas have applied it, for two seconds at most.

    Then the transaction is committed on the primary alone, and has succeeded: a replica that did not answer shows
    nothing newer than what came before the commit, its heartbeat neither, so that readers get the primary. On SQLite,
    without synchronous replicas, and inside another transaction, whose commit is its caller's, this is `atomic`.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    limit = _Limit()
    try:
        with transaction.atomic():
            # The first to run after the commit, so that no statement of the others is cancelled.
            transaction.on_commit(limit.stop)
            yield
            with connection.cursor() as cursor:
                # Nothing is left that could fail in the commit, and would be undone if that were cancelled.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET LOCAL synchronous_commit = remote_apply")
            limit.start(connection.connection)
    finally:
        limit.stop()


class _Limit:
    """A thread that cancels a commit's wait for replicas. PostgreSQL's own time limits don't apply to that wait."""

    def __init__(self) -> None:
        self._is_committed = Event()
        self._thread: Thread | None = None

    def start(self, driver: Any) -> None:
        """Begin to count, for a connection of psycopg’s."""
        self._thread = Thread(target=self._run, args=(driver,), name="limit of a commit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cancel nothing from now on."""
        self._is_committed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, driver: Any) -> None:
        # Once more after a second, in case that the request to cancel was lost.
        wait = LIMIT
        while not self._is_committed.wait(wait):
            _log.warning(
                "A replica has not applied a takedown, which holds without it; nobody reads from it now."
            )
            with suppress(Error), connection.wrap_database_errors:
                driver.cancel_safe(timeout=1.0)
            wait = 1.0

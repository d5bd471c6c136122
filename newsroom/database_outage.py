"""Answer requests while the database can't be reached: within a second, and never wrongly."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponseBase

from newsroom.errors import SAFE, Loss, database_loss, unavailable, was_waited_for, without_log_line
from stories.public.http.stale_copies import stale_copy, store_copy

log = logging.getLogger(__name__)

# For how many seconds requests are answered without asking the database after it was found to be away.
PAUSE: Final = 1.0


class _Outage:
    """Whether the database counts as away. After each pause, one request is let through to find out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0

    def begin(self) -> None:
        with self._lock:
            began, self._until = not self._until, time.monotonic() + PAUSE
        if began:
            log.error("The database does not answer. Readers get pages as they were, all others 503.")

    def end(self) -> None:
        if self._until:
            self._until = 0.0
            log.warning("The database answers again.")

    def lasts(self) -> bool:
        """Return whether to answer without asking the database. Once the pause is over, one request is let through."""
        if not self._until:
            # No lock on the normal path.
            return False
        with self._lock:
            now = time.monotonic()
            if now >= self._until:
                self._until = now + PAUSE
                return False
            return True


OUTAGE: Final = _Outage()


class DatabaseOutageMiddleware:
    """Answer while the database is away, with stored copies of pages and 503 for all others; and recover at once.

    A connection from before a restart of the database is dropped, and the page requested again. It is noticed by using
    it, since a check at each request would double a page's round trips. Only requests that write check their connection
    first, since they can't be repeated.

    Nobody waits twice: a request that waited for the server in vain gets its answer, and those behind it at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if OUTAGE.lasts():
            return stale_copy(request) or without_log_line(unavailable(request))
        if request.method not in SAFE and not has_live_connection():
            OUTAGE.begin()
            return without_log_line(unavailable(request))
        asked_at = time.time()
        response = self._get_response(request)
        if database_loss(response) is Loss.AT_ONCE:
            _drop_dead_connections()
            if request.method in SAFE:
                response = self._get_response(request)
            elif has_live_connection():
                # Only this connection was lost, not the server.
                log.warning("A connection to the database was lost while somebody was writing: 503.")
                return response
        if database_loss(response) is not None:
            OUTAGE.begin()
            return stale_copy(request) or response
        OUTAGE.end()
        store_copy(request, response, asked_at=asked_at)
        return response


def has_live_connection() -> bool:
    """Return whether this thread has a connection that answers, if need be a new one."""
    connection = connections[DEFAULT_DB_ALIAS]
    # SQLite has no server to lose; and a transaction can't change its connection.
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        return True
    for _time in range(2):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseFailure as error:
            if was_waited_for(error.__cause__):
                connection.close()
                return False
            _drop_dead_connections()
        else:
            return True
    return False


def _drop_dead_connections() -> None:
    """Close this thread's connection, and the pool's idle connections that are dead."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        return
    connection.close()
    pool = getattr(connection, "pool", None)
    # A pool that was never opened has nothing to check, and a check would keep it from growing.
    if pool is not None and not pool.closed:
        pool.check()

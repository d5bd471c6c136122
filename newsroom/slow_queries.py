"""Name the statements of requests that take long, and say of each that failed that it did."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from newsroom.signals import statement_failed, statement_was_slow

log = logging.getLogger(__name__)

# Its beginning says what a statement does; some of the desk have tens of thousands of letters.
LONGEST: Final = 2_000


class QueryWatch:
    """A wrapper of Django's for every statement of a connection.

    It logs what took long with placeholders, never with their values, which are what people wrote.
    """

    def __call__(
        self,
        execute: Callable[..., object],
        sql: object,
        params: object,
        many: bool,
        context: dict[str, Any],
    ) -> object:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            statement_failed.send(QueryWatch, error=error)
            raise
        finally:
            milliseconds = (time.perf_counter() - began) * 1_000
            if settings.SLOW_QUERY_MS and milliseconds >= settings.SLOW_QUERY_MS:
                statement_was_slow.send(QueryWatch)
                _log(str(sql), milliseconds)


def watch_queries() -> None:
    """Watch the statements of each connection that is made from now on."""
    connection_created.connect(_watch, dispatch_uid="newsroom.slow_queries")


def _watch(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    wrappers = connection.execute_wrappers
    if not any(isinstance(each, QueryWatch) for each in wrappers):
        # First, since whoever adds one for a while takes the last away again.
        wrappers.insert(0, QueryWatch())


def _log(statement: str, milliseconds: float) -> None:
    fields = {
        "milliseconds": round(milliseconds),
        "statement": statement[:LONGEST],
        # To tell apart those that begin alike.
        "digest": sha256(statement.encode()).hexdigest()[:12],
    }
    log.warning("A statement took long.", extra={"fields": fields})

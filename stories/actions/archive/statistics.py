"""Have the database renew its statistics of tables that an import has made grow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

_INSERTS: Final = re.compile(r'INSERT INTO "(\w+)"')


@contextmanager
def grown_tables() -> Iterator[set[str]]:
    """Yield the set of tables into which rows are inserted in this block."""
    tables: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if inserts := _INSERTS.match(sql):
            tables.add(inserts[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


def analyze(tables: Iterable[str]) -> None:
    """Renew the statistics of tables, by which the database chooses indexes.

    PostgreSQL passes over those of another owner, and does it by itself later.
    """
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")

"""Hold every test to the rule that the ledger comes last: nothing is written or locked behind its entries.

An action that breaks it holds the lock for which the whole site waits while it waits itself for another's row: two of
them can wait for each other for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_WRITES: Final = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_LOCKS: Final = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b|pg_advisory", re.IGNORECASE)
_UNDOES: Final = re.compile(r'ROLLBACK TO SAVEPOINT "(\w+)"')

_APPENDS: Final = 'INSERT INTO "stories_ledgerentry"'
# What is written with the entries themselves, under their lock.
WITH_IT: Final = frozenset({"stories_entrytext", "stories_dailyhead"})


class LedgerNotLast(AssertionError):
    """A transaction wrote or locked something behind the ledger's entries."""


# The savepoints that were open when a connection's transaction wrote the ledger.
_written: Final[dict[int, list[str]]] = {}


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    undone = _UNDOES.match(sql)
    if undone and undone[1] in _written.get(id(connection), ()):
        del _written[id(connection)]
    table = (match := _WRITES.match(sql)) and match[1]
    if id(connection) in _written and table not in WITH_IT and (table or _LOCKS.search(sql)):
        raise LedgerNotLast(f"Behind the ledger's entries: {sql[:200]}")
    if sql.startswith(_APPENDS) and _in_a_transaction(connection):
        _written[id(connection)] = list(connection.savepoint_ids)
    return execute(sql, params, many, context)


def _in_a_transaction(connection: BaseDatabaseWrapper) -> bool:
    """Whether one is open beside those that a test is wrapped in."""
    return any(not block._from_testcase for block in connection.atomic_blocks)  # type: ignore[attr-defined]


def _watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if watch not in connection.execute_wrappers:
        # First: whoever takes a wrapper of their own off takes the last.
        connection.execute_wrappers.insert(0, watch)


def _exit(self: transaction.Atomic, *error: Any) -> None:
    connection = transaction.get_connection(self.using)
    try:
        _original_exit(self, *error)
    finally:
        if not _in_a_transaction(connection):
            _written.pop(id(connection), None)


_original_exit: Final = transaction.Atomic.__exit__


@contextmanager
def paused() -> Iterator[None]:
    """Let one transaction hold many actions, as the demo's does: nobody else is at an empty site."""
    connection_wrappers = transaction.get_connection().execute_wrappers
    connection_wrappers.remove(watch)
    yield
    connection_wrappers.insert(0, watch)


def hold() -> None:
    """Hold every transaction of this process to the rule, of every thread, from here on."""
    connection_created.connect(_watch_connection)
    transaction.Atomic.__exit__ = _exit  # type: ignore[method-assign]


@contextmanager
def stage() -> Iterator[None]:
    """A transaction around several actions, as a test is wrapped in one: each is held to the rule by itself."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield


@contextmanager
def undone() -> Iterator[None]:
    """A stage that is gone afterwards: what happens on it is as if it never had."""
    with stage():
        yield
        transaction.set_rollback(True)

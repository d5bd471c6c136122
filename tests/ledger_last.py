"""Check in every test that the ledger comes last: nothing is written or locked after its entries.

An action that breaks the rule holds the lock that the whole site waits for, while it waits for another's row: two of
them can deadlock.
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
    """A transaction wrote or locked something after the ledger's entries."""


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
    """Return whether a transaction is open besides those that a test is wrapped in."""
    return any(not block._from_testcase for block in connection.atomic_blocks)  # type: ignore[attr-defined]


def _watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if watch not in connection.execute_wrappers:
        # Inserted first: whoever removes a wrapper of their own removes the last.
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
    """Allow many actions in one transaction, as in the demo: nobody else uses an empty site."""
    connection_wrappers = transaction.get_connection().execute_wrappers
    connection_wrappers.remove(watch)
    yield
    connection_wrappers.insert(0, watch)


def install() -> None:
    """Check every transaction of this process, in every thread, from here on."""
    connection_created.connect(_watch_connection)
    transaction.Atomic.__exit__ = _exit  # type: ignore[method-assign]


@contextmanager
def stage() -> Iterator[None]:
    """Open a transaction around several actions, as around a test: each is checked by itself."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Open a stage that is rolled back afterwards."""
    with stage():
        yield
        transaction.set_rollback(True)

"""A connection that is lost while a transaction is being committed: nobody here knows whether it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import OperationalError, connections


@contextmanager
def commit_lost(*, arrives: bool) -> Iterator[None]:
    """A block in which the first COMMIT is lost with its connection: on its way, or, if it `arrives`, its answer is."""
    connection: Any = connections["default"]
    commit = connection._commit
    lost: list[bool] = []

    def lose() -> None:
        if lost:
            commit()
            return
        lost.append(True)
        if arrives:
            commit()
        if connection.vendor == "sqlite":
            # As the next one to open the file does, after the process was killed.
            connection.connection.rollback()
        else:
            connection.connection.close()
        cause = psycopg.OperationalError("the connection is lost")
        raise OperationalError(*cause.args) from cause

    connection._commit = lose
    try:
        yield
    finally:
        del connection._commit
        connection.close()
    assert lost, "nothing was committed"

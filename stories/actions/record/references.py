"""Rows that others name: held until the transaction ends, so that nobody deletes them meanwhile."""

from __future__ import annotations

from django.db import connection


def hold_named_rows() -> None:
    """Hold the rows that were named in this transaction. Raises IntegrityError if one is not there any more.

    PostgreSQL looks for them at the COMMIT only, where what it finds is no refusal but a fault. On SQLite nobody else
    writes meanwhile.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()

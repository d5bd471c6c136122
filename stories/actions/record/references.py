"""Check foreign keys to sections and authors before the COMMIT."""

from __future__ import annotations

from django.db import connection


def check_named_rows() -> None:
    """Check the rows referenced in this transaction. Raises IntegrityError if one was deleted.

    PostgreSQL checks deferred constraints only at the COMMIT, where a failure is a server error and not a refusal. On
    SQLite nobody else writes meanwhile.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()

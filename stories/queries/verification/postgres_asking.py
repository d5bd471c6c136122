"""What every check of a PostgreSQL database needs: to ask its catalog, and to say what was found in it."""

from __future__ import annotations

from typing import Any

from django.db import connection

from stories.queries.verification.findings import Finding, Kind


def asked(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query of the catalog."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def finding(message: str) -> Finding:
    """Return a finding of the database's own code or tables, which are of no one story."""
    return Finding(None, Kind.DATABASE, message)

"""Query a PostgreSQL catalog, and report findings about it."""

from __future__ import annotations

from typing import Any

from django.db import connection

from stories.queries.verification.findings import Finding, Kind


def run_query(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query of the catalog."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def finding(message: str) -> Finding:
    """Return a finding about the database's own code or tables, which belongs to no story."""
    return Finding(None, Kind.DATABASE, message)

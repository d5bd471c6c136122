"""Check the database itself: its guards, and whatever it might do with the record on its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from stories.models.integrity import append_only, form_guards
from stories.queries.verification.database.foreign_keys import check_foreign_keys
from stories.queries.verification.database.migrations import check_migrations
from stories.queries.verification.database.postgres_schema import check_postgres_schema
from stories.queries.verification.database.sqlite_schema import check_sqlite_schema
from stories.queries.verification.findings import Finding, Kind


def check_database(*, whole: bool) -> Iterator[Finding]:
    """Find tables without their guards, and anything else in the database that is not as it was made."""
    for table in append_only.missing(connection):
        yield Finding(
            None,
            Kind.GUARD,
            f"The table {table} is not guarded against changes; `manage.py migrate` does that.",
        )
    for table in form_guards.missing(connection):
        yield Finding(
            None,
            Kind.GUARD,
            f"The table {table} is not guarded against values written otherwise; `manage.py migrate` does that.",
        )
    if connection.vendor == "postgresql":
        yield from check_postgres_schema(whole=whole)
    else:
        yield from check_sqlite_schema(whole=whole)
    yield from check_migrations()
    if whole:
        yield from check_foreign_keys()

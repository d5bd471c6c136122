"""Which migrations the database says were applied, against those that there are."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from stories.queries.verification.findings import Finding, Kind


def check_migrations() -> Iterator[Finding]:
    """Find migrations that were not applied, and such as are entered and are none: `migrate` would pass over them.

    Two queries.
    """
    loader = MigrationLoader(connection)
    there = set(loader.disk_migrations or {})
    replaced = {each for migration in (loader.disk_migrations or {}).values() for each in migration.replaces}
    applied = set(loader.applied_migrations or {})
    for app, name in sorted(there - replaced - applied):
        yield _finding(app, name, "is not entered as applied: run `manage.py migrate`, and see what changes.")
    for app, name in sorted(applied - there - replaced):
        if app in loader.migrated_apps:
            yield _finding(
                app,
                name,
                "is entered as applied, and there is none of that name: one that comes would be passed over.",
            )


def _finding(app: str, name: str, what: str) -> Finding:
    return Finding(None, Kind.DATABASE, f"The migration {app}.{name} (in django_migrations) {what}")

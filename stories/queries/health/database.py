"""Whether the database is as the site needs it: its clock, its migrations, the rights of its role, its statistics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from stories.models.integrity.append_only import ADDED_TO_TABLES
from stories.queries.health.checks import Check, ok, warning, wrong

# A publication is live, and a write dated, by the clock of the host.
LARGEST_DIFFERENCE: Final = timedelta(seconds=1)
# Of smaller tables PostgreSQL's guesses are good enough.
ROWS_WORTH_ANALYZING: Final = 1_000

_ROLE: Final = "SELECT rolsuper, rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_TABLES: Final = """
    SELECT count(*) FILTER (WHERE pg_has_role(relowner, 'USAGE')),
        count(*) FILTER (WHERE relname = ANY(%(added_to)s) AND (
            has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')
            OR has_table_privilege(oid, 'TRUNCATE') OR has_table_privilege(oid, 'TRIGGER'))),
        count(*) FILTER (WHERE NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')))
    FROM pg_class WHERE relkind = 'r' AND relname = ANY(%(all)s) AND relnamespace = current_schema()::regnamespace
"""
_NEVER_ANALYZED: Final = """
    SELECT count(*) FROM pg_stat_user_tables
    WHERE schemaname = current_schema() AND n_live_tup >= %s AND last_analyze IS NULL AND last_autoanalyze IS NULL
"""


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Cancel statements of the block that take longer, such as those that wait for a lock; on PostgreSQL alone."""
    if connection.vendor != "postgresql":
        # A transaction would wait for SQLite's one writer.
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
        yield


def check_clock() -> Check:
    """Compare the host's clock with the database's. One query on PostgreSQL, none on SQLite."""
    if connection.vendor != "postgresql":
        return ok("clock", "The database has no clock but this host's.")
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    after = timezone.now()
    # What the answer's way took is no difference.
    difference = max(before - theirs, theirs - after, timedelta())
    if difference > LARGEST_DIFFERENCE:
        side = "ahead of" if theirs < before else "behind"
        return wrong(
            "clock",
            f"This host's clock is {difference.total_seconds():.1f} s {side} the database's.",
            "Let both follow the same time servers (on Debian: apt-get install chrony).",
        )
    return ok("clock", "This host's clock agrees with the database's.")


def check_encoding() -> Check:
    """Check that the database keeps letters of every language as letters. One query on PostgreSQL, none on SQLite."""
    name = "encoding"
    if connection.vendor != "postgresql":
        return ok(name, "SQLite has one alone.")
    remedy = "Make it with TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8', and restore a backup into it."
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding'), lower('É') = 'é'")
        encoding, knows_letters = cursor.fetchone()
    if encoding != "UTF8":
        return wrong(
            name, f"The database's is {encoding}: what is no English letter may count as several.", remedy
        )
    if not knows_letters:
        return warning(
            name, "The database's locale knows English letters alone: searches find É, and not é.", remedy
        )
    return ok(name, "The database knows the letters of every language.")


def check_migrations() -> Check:
    """Compare the migrations that were applied with those of this release. Two queries."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = _migrations() - applied
    if missing:
        return wrong(
            "migrations",
            f"{len(missing)} migrations of this release were not applied.",
            "Run `manage.py migrate` as the owner of the tables, then what `manage.py grants` prints.",
        )
    ours = {app for app, _name in _migrations()}
    if any(app in ours for app, _name in applied - _migrations()):
        # Not wrong: while a new release is brought to one host after the other, the old one serves.
        return warning(
            "migrations",
            "The database has migrations of a newer release.",
            "Bring this host to the release that the others have.",
        )
    return ok("migrations", "All are applied.")


def check_rights() -> Check:
    """Check what the role that the site connects as may do. Two queries on PostgreSQL, none on SQLite."""
    name = "rights"
    if connection.vendor != "postgresql":
        return warning(
            name,
            "SQLite knows no roles: who can write its file can write all of it.",
            "Save the ledger's heads elsewhere (docs/evidence.md), or use PostgreSQL.",
        )
    remedy = "Serve as a role of its own, with what `manage.py grants` prints (docs/evidence.md)."
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        is_superuser, makes_roles = cursor.fetchone()
        cursor.execute(_TABLES, {"added_to": list(ADDED_TO_TABLES), "all": tables})
        owned, changeable, closed = cursor.fetchone()
    if is_superuser:
        return wrong(name, "The site connects as a superuser, whom no guard stops.", remedy)
    if makes_roles:
        return wrong(name, "The site's role may make roles, or pass over policies.", remedy)
    if owned:
        return wrong(name, "The site's role owns tables: it may take their triggers away.", remedy)
    if changeable:
        return wrong(name, f"The site's role may change or empty {changeable} tables of the record.", remedy)
    if closed:
        return wrong(name, f"The site's role may not read or add to {closed} tables.", remedy)
    return ok(name, "The site's role reads the record and adds to it, and may do no more.")


def check_statistics() -> Check:
    """Check whether PostgreSQL knows how large its tables are. One query on PostgreSQL, none on SQLite."""
    if connection.vendor != "postgresql":
        return ok("statistics", "SQLite needs none.")
    with connection.cursor() as cursor:
        cursor.execute(_NEVER_ANALYZED, [ROWS_WORTH_ANALYZING])
        (count,) = cursor.fetchone()
    if count:
        return warning(
            "statistics",
            f"{count} tables were filled and never analysed: queries are planned as if they were empty.",
            "Run ANALYZE there, as PostgreSQL's administrator: su postgres -c 'psql newsroom -c ANALYZE'",
        )
    return ok("statistics", "PostgreSQL knows how large its tables are.")


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this release by app and name. They don't change while a process runs."""
    found = MigrationLoader(None).disk_migrations or {}
    return frozenset(found) - {each for migration in found.values() for each in migration.replaces}

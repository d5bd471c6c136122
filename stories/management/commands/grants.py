"""Print the database privileges for the role that the web process connects as."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from stories.models.integrity.append_only import ADDED_TO_TABLES


class Command(BaseCommand):
    help = (
        "Prints the SQL with which PostgreSQL lets a role read the record, add to it, and change nothing of it. Run it "
        "as the role that owns the tables, after every `migrate`: manage.py grants web | psql ..., or with --apply."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="The role that the web process connects as; it owns no table.")
        parser.add_argument(
            "--apply",
            action="store_true",
            help="Run it, as the role that DATABASE_URL names, and print nothing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                "SQLite knows no roles: who can write its file can write all of it. Name a PostgreSQL database in "
                "DATABASE_URL."
            )
        if options["apply"]:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements(options["role"]):
                    cursor.execute(statement)
            return
        self.stdout.write("BEGIN;")
        for statement in statements(options["role"]):
            self.stdout.write(f"{statement};")
        self.stdout.write("COMMIT;")


def statements(role: str) -> list[str]:
    """Return the statements, in the order in which to run them, in one transaction."""
    name = connection.ops.quote_name(role)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    changed = sorted(tables - set(ADDED_TO_TABLES))
    return [
        # Up to PostgreSQL 14 everybody may create tables, and functions that shadow others.
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT ON {', '.join(sorted(ADDED_TO_TABLES))} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(changed)} TO {name}",
        # Verification compares them with the rows; to number a row needs no right on them.
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"GRANT SELECT ON {MigrationRecorder.Migration._meta.db_table} TO {name}",
    ]

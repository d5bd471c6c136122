"""Every change of a model has its migration."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_migration_is_missing() -> None:
    loader = MigrationLoader(None)
    missing = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        loader.graph
    )
    operations = [
        each.describe() for migrations in missing.values() for one in migrations for each in one.operations
    ]
    assert operations == [], (
        "A migration is missing: run manage.py makemigrations stories --name <what it does>."
    )

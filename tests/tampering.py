"""How tests do to the record what no action would: as who owns the database, with its guards lifted or not."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from stories.models.append_only import lifted


def execute(sql: str, *parameters: Any) -> None:
    """Run one statement as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def run(sql: str, *parameters: Any) -> None:
    """Run one statement with every guard lifted."""
    with transaction.atomic(), lifted(connection):
        execute(sql, *parameters)

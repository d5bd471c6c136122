"""How tests do to the record what no action would: as who owns the database, with its guards lifted or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from stories.models.append_only import lifted


def execute(sql: str, *parameters: Any) -> None:
    """Run one statement as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def run(sql: str, *parameters: Any) -> None:
    """Run one statement with every guard lifted."""
    with transaction.atomic(), lifted(connection):
        execute(sql, *parameters)


@contextmanager
def tampered() -> Iterator[None]:
    """A block in which every guard is lifted and foreign keys wait; nothing that it did is left."""
    with transaction.atomic():
        with lifted(connection):
            yield
        transaction.set_rollback(True)


def another(value: Any, field: models.Field[Any, Any]) -> Any:
    """Another value that the column takes, one character or one step away."""
    if field.choices and value in dict(field.flatchoices):
        return next(choice for choice, _label in field.flatchoices if choice != value)
    if value is None:
        value = EXAMPLES[
            field.target_field.__class__ if isinstance(field, models.ForeignKey) else type(field)
        ]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000
    if isinstance(value, str):
        return value[:-1] + ("x" if not value.endswith("x") else "y")
    if isinstance(value, bytes | memoryview):
        return bytes(len(value))
    if isinstance(value, date):
        return value.replace(year=value.year - 1)
    if isinstance(value, list):
        return [*value, "more"]
    return UUID(int=value.int ^ 1)


# For a column that is NULL.
EXAMPLES: dict[type, Any] = {
    models.BigAutoField: 7,
    models.BigIntegerField: 7,
    models.CharField: "x",
    models.DateField: date(2026, 1, 1),
    models.DateTimeField: datetime(2026, 1, 1, tzinfo=UTC),
    models.PositiveIntegerField: 7,
    models.UUIDField: UUID(int=7),
}

"""Change the record as no action would: as the database's owner, with its guards lifted or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from stories.actions.actors import actor_columns
from stories.actions.record.ledger import record
from stories.models import Article, Erasure, ErasureApproval, ErasureOrder, Publication, User
from stories.models.integrity import form_guards
from stories.models.integrity.append_only import guards_lifted
from stories.models.integrity.canonical import history_digest, listing_digest, text_digest
from stories.models.record.recording import HistoryRow, new_salt, overwrite
from tests.factories import minutes


def execute(sql: str, *parameters: Any) -> None:
    """Run one statement as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def run(sql: str, *parameters: Any) -> None:
    """Run one statement with every guard lifted."""
    with transaction.atomic(), guards_lifted(connection):
        execute(sql, *parameters)


@contextmanager
def tampered() -> Iterator[None]:
    """Lift every guard and defer foreign keys in a block; its changes are rolled back."""
    with transaction.atomic():
        with guards_lifted(connection):
            yield
        transaction.set_rollback(True)


@contextmanager
def without_any_guard() -> Iterator[None]:
    """Remove all guards in a block and restore them at its end; its changes are rolled back."""
    with tampered():
        if connection.vendor == "postgresql":
            # No constraint can be altered while a foreign key of its rows is deferred.
            connection.check_constraints()
        form_guards.remove(connection)
        yield


def another(value: Any, field: models.Field[Any, Any]) -> Any:
    """Return another valid value of the column, one character or one step away."""
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


# ------------------------------------------------------------------------------- erasures that nobody ordered


def rewritten(row: Any, **values: Any) -> list[Any]:
    """Change a row of the record under a new salt; return it as the entry of an erasure names it."""
    name, number = named(row)
    before = digest_of(row)
    with transaction.atomic(), guards_lifted(connection):
        overwrite(row, {**values, "salt": new_salt()})
    row = type(row)._base_manager.get(pk=row.pk)
    return [name, number, before, digest_of(row)]


def named(row: Any) -> tuple[str, int]:
    if isinstance(row, HistoryRow):
        return str(row.instance_type._meta.model_name), row.pk  # type: ignore[attr-defined]
    return str(row._meta.model_name), row.pk


def digest_of(row: Any) -> str:
    if isinstance(row, HistoryRow):
        return history_digest(row)
    if named(row)[0] == "publicationcard":
        publication = Publication.objects.get(pk=row.pk)
        return listing_digest(publication.card, publication.notes.all(), publication.pictures.all())
    return text_digest(row)


@transaction.atomic
def append_order(article: Article, user: User, **values: Any) -> ErasureOrder:
    """Append an order to erase that no action made."""
    reasons = {"ground": "court", "authority": "A court", "reason": "An order"}
    order = ErasureOrder(
        article=article, **{"scope": "words", **reasons, **values}, **actor_columns(user, minutes(90_000))
    )
    record(order)
    return order


@transaction.atomic
def append_approval(order: ErasureOrder, user: User, **values: Any) -> ErasureApproval:
    """Append an approval that no action made; even after a refusal, which the database itself would refuse."""
    approval = ErasureApproval(
        **{"article": order.article, "order": order, "approved": True, **values},
        **actor_columns(user, minutes(90_001)),
    )
    record(approval)
    return approval


@transaction.atomic
def append_erasure(
    article: Article, user: User, *rows: list[Any], order: ErasureOrder | None = None, at: int = 90_002
) -> Erasure:
    """Append an erasure that no command carried out."""
    erasure = Erasure(article=article, order=order, rows=list(rows), **actor_columns(user, minutes(at)))
    record(erasure)
    return erasure

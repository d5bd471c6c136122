"""The text columns of stored rows, and their values with some words, or all, redacted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.db import models

from stories.domain.text.mask import WITHHELD_ADDRESS, Mask
from stories.models.record.revisions import Journal
from stories.models.rich_text import RichTextField

# Columns that name things and have no text; an address that readers know stays.
_NAMES: Final = frozenset(
    "slug section language region kind significance history_type user_name object_id".split()
)
# Derived columns, rebuilt whenever their sources change: the words in the form in which they are searched.
_DERIVED: Final = frozenset(("headline_words", "text_words"))
_NOT_TEXT: Final = _NAMES | _DERIVED
# Lists with text: who is credited, what a verification found.
_LISTS: Final = frozenset(("bylines", "findings"))

Field: TypeAlias = "models.Field[Any, Any]"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row, and the values of its columns after an erasure."""

    row: models.Model
    values: dict[str, Any]


def text_fields(model: type[models.Model]) -> list[Field]:
    """Return the columns of a model that contain people's words."""
    # The other columns of a journal are in the ledger's payload, and never contain text.
    kinds: Any = models.TextField if issubclass(model, Journal) else models.CharField | models.TextField
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in _LISTS
        or (isinstance(field, kinds) and not (field.choices or field.primary_key or field.name in _NOT_TEXT))
    ]


def redact_words(row: models.Model, mask: Mask) -> dict[str, Any]:
    """Return the columns of a row that contain the words, each with its redacted value."""
    changed: dict[str, Any] = {}
    for field in text_fields(type(row)):
        value = getattr(row, field.attname)
        masked = _masked(field, value, mask)
        if masked != value:
            changed[field.attname] = masked
    return changed


def redact_all(row: models.Model, instead: str) -> dict[str, Any]:
    """Return the columns of a row that have any text, each with its replacement."""
    changed: dict[str, Any] = {}
    for field in text_fields(type(row)):
        value = getattr(row, field.attname)
        emptied = _redacted(field, value, instead)
        if value and value != emptied:
            changed[field.attname] = emptied
    return changed


def _masked(field: Field, value: Any, mask: Mask) -> Any:
    if field.name in _LISTS:
        # The first of each pair is a name, the second is text.
        return [[name, mask.text(said)] for name, said in value]
    if isinstance(field, models.URLField):
        return WITHHELD_ADDRESS if mask.in_address(value) else value
    return _truncated(field, mask.text(value, html=isinstance(field, RichTextField)))


def _redacted(field: Field, value: Any, instead: str) -> Any:
    if field.name in _LISTS:
        return [[name, instead] for name, _said in value]
    if isinstance(field, models.URLField):
        return WITHHELD_ADDRESS
    return _truncated(field, f"<p>{instead}</p>" if isinstance(field, RichTextField) else instead)


def _truncated(field: Field, value: str) -> str:
    """Return a value cut to its column's length; a replacement may be longer than the words."""
    bounded = isinstance(field, models.CharField) and field.max_length
    return value[: field.max_length] if bounded else value

"""The columns of stored rows that hold words, and what they read without some words, or without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.db import models

from stories.domain.text.mask import WITHHELD_ADDRESS, Mask
from stories.models.record.revisions import Journal
from stories.models.rich_text import RichTextField

# What names things and says nothing; an address that readers know stays.
_NAMES: Final = frozenset(
    "slug section language region kind significance history_type user_name object_id".split()
)
# What is made of other columns, and made anew whenever those are: the words in the form in which they are searched.
_DERIVED: Final = frozenset(("headline_words", "text_words"))
_SILENT: Final = _NAMES | _DERIVED
# Lists that hold words: who is credited, what a verification found.
_LISTS: Final = frozenset(("bylines", "findings"))

Field: TypeAlias = "models.Field[Any, Any]"


@dataclass(frozen=True, slots=True)
class Change:
    """A row, and what its columns read once something is erased."""

    row: models.Model
    values: dict[str, Any]


def text_fields(model: type[models.Model]) -> list[Field]:
    """The columns of a model that people's words stand in."""
    # The other columns of a journal are in the ledger's payload, and never hold any.
    kinds: Any = models.TextField if issubclass(model, Journal) else models.CharField | models.TextField
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in _LISTS
        or (isinstance(field, kinds) and not (field.choices or field.primary_key or field.name in _SILENT))
    ]


def redact_words(row: models.Model, mask: Mask) -> dict[str, Any]:
    """The columns of a row that hold the words, each with what it reads without them."""
    changed: dict[str, Any] = {}
    for field in text_fields(type(row)):
        value = getattr(row, field.attname)
        masked = _masked(field, value, mask)
        if masked != value:
            changed[field.attname] = masked
    return changed


def redact_all(row: models.Model, instead: str) -> dict[str, Any]:
    """The columns of a row that say anything, each with what stands in their place once all of it is erased."""
    changed: dict[str, Any] = {}
    for field in text_fields(type(row)):
        value = getattr(row, field.attname)
        emptied = _emptied(field, value, instead)
        if value and value != emptied:
            changed[field.attname] = emptied
    return changed


def _masked(field: Field, value: Any, mask: Mask) -> Any:
    if field.name in _LISTS:
        # Of each pair the first names something, the second is what was said.
        return [[name, mask.text(said)] for name, said in value]
    if isinstance(field, models.URLField):
        return WITHHELD_ADDRESS if mask.in_address(value) else value
    return _fit(field, mask.text(value, html=isinstance(field, RichTextField)))


def _emptied(field: Field, value: Any, instead: str) -> Any:
    if field.name in _LISTS:
        return [[name, instead] for name, _said in value]
    if isinstance(field, models.URLField):
        return WITHHELD_ADDRESS
    return _fit(field, f"<p>{instead}</p>" if isinstance(field, RichTextField) else instead)


def _fit(field: Field, value: str) -> str:
    """A value as long as its column may be; what stands for words may be longer than they were."""
    bounded = isinstance(field, models.CharField) and field.max_length
    return value[: field.max_length] if bounded else value

"""The columns of stored rows that hold words, and what becomes of them without some words."""

from __future__ import annotations

from typing import Any, Final

from django.db import models

from stories.domain.withholding import NO_ADDRESS, Mask
from stories.models.rich_text import RichTextField

# What names things and says nothing; an address that readers know stays.
_NAMES: Final = frozenset(
    ("slug", "language", "region", "history_type", "user_name", "source_id", "line_digest")
)


def worded(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model that people's words stand in."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.primary_key
        and field.name not in _NAMES
    ]


def without_words(row: models.Model, mask: Mask) -> dict[str, str]:
    """The columns of a row that hold the words, each with what it reads without them."""
    changed: dict[str, str] = {}
    for field in worded(type(row)):
        value = getattr(row, field.attname)
        masked = _masked(field, value, mask)
        if masked != value:
            changed[field.attname] = masked
    return changed


def blanked(row: models.Model, instead: str) -> dict[str, str]:
    """The columns of a row that say anything, each with what stands in their place once all of it is erased."""
    return {
        field.attname: NO_ADDRESS
        if isinstance(field, models.URLField)
        else _fit(field, _whole(field, instead))
        for field in worded(type(row))
        if getattr(row, field.attname)
    }


def _masked(field: models.Field[Any, Any], value: str, mask: Mask) -> str:
    if isinstance(field, models.URLField):
        return NO_ADDRESS if mask.in_address(value) else value
    return _fit(field, mask.text(value, html=isinstance(field, RichTextField)))


def _whole(field: models.Field[Any, Any], instead: str) -> str:
    return f"<p>{instead}</p>" if isinstance(field, RichTextField) else instead


def _fit(field: models.Field[Any, Any], value: str) -> str:
    """A value as long as its column may be; what stands for words may be longer than they were."""
    bounded = isinstance(field, models.CharField) and field.max_length
    return value[: field.max_length] if bounded else value

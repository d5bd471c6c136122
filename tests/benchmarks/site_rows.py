"""Many live stories in seconds: copies in SQL of those that the actions wrote, each copy older than the one before.

Copies prove nothing: they have no history and no ledger. They are there to be listed, searched and read.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Max

from stories.models import (
    NEVER,
    Article,
    LiveCredit,
    LivePeriod,
    Publication,
    PublicationCard,
    PublishedNote,
    PublishedStory,
    Revision,
    SearchText,
    StoryAddress,
    StoryStatus,
)

# In the order in which they refer to each other.
_MODELS: Final[tuple[type[models.Model], ...]] = (
    *(Article, StoryAddress, Revision, Publication, PublicationCard, SearchText, PublishedNote),
    *(LivePeriod, LiveCredit, StoryStatus, PublishedStory),
)
_NUMBERED: Final = (Article, Revision, Publication, PublishedNote, LiveCredit)
_SLUGS: Final = frozenset({"slug", "address", "address_id"})


def repeat_stories(*, until: int) -> int:
    """Copy the stories that are there until there are at least so many; return how many there are."""
    there: int = Article.objects.count()
    largest = {model: model._base_manager.aggregate(n=Max("pk"))["n"] or 0 for model in _NUMBERED}
    copies = -(-until // there)
    for copy in range(1, copies):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in _MODELS:
                cursor.execute(_statement(model, copy, largest))
    return there * copies


def _statement(model: type[models.Model], copy: int, largest: dict[Any, int]) -> str:
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields]
    values = [_value(model, field, copy, largest) for field in model._meta.concrete_fields]
    key = model._meta.pk
    numbered = _numbered(model, key)
    bound = f"{key.column} <= {largest[numbered]}" if numbered else f"article_id <= {largest[Article]}"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE {bound}"  # noqa: S608


def _numbered(model: type[models.Model], field: Any) -> Any:
    """Return the model whose numbers a column has, None if it has others."""
    target = field.related_model if field.is_relation else model
    if target is LivePeriod:
        target = Publication
    return target if target in _NUMBERED and (field.is_relation or field.primary_key) else None


def _value(model: type[models.Model], field: Any, copy: int, largest: dict[Any, int]) -> str:
    column = field.column
    numbered = _numbered(model, field)
    if numbered is not None:
        return f"{column} + {copy * largest[numbered]}"
    if column in _SLUGS:
        return f"CASE {column} WHEN '' THEN '' ELSE {column} || '-{largest[Article]}-{copy}' END"
    if isinstance(field, models.DateTimeField):
        # Ten days for each, so that no two copies are mixed.
        if connection.vendor == "postgresql":
            earlier = f"{column} - interval '{10 * copy} days'"
        else:
            earlier = f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{10 * copy} days')"
        return f"CASE WHEN {column} < '{NEVER:%Y-%m-%d %H:%M:%S}' THEN {earlier} ELSE {column} END"
    return str(column)

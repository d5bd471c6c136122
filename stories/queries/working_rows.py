"""Whether the working copies are what their history says: what an UPDATE behind the actions' back changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max

from stories.models import Article
from stories.models.registry import TRACKED_MODELS, history_model

STORIES_AT_ONCE: Final = 100


# What reading a row raises whose stored text is no value of its column: somebody has written there.
UNREADABLE: Final = (ValueError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold. `sequence` is the entry's, None where no entry is to blame."""

    sequence: int | None
    message: str

    def __str__(self) -> str:
        return f"Entry {self.sequence}: {self.message}" if self.sequence else self.message


def differences() -> Iterator[Finding]:
    """Every working row that is not as its newest history row has it: changed, slipped in or gone.

    Two queries a tracked model for a hundred stories; holds no more of them than that.
    """
    newest = 0
    while True:
        ids = list(
            Article._base_manager.filter(pk__gt=newest)
            .order_by("pk")
            .values_list("pk", flat=True)[:STORIES_AT_ONCE]
        )
        if not ids:
            return
        newest = ids[-1]
        for model in TRACKED_MODELS:
            try:
                yield from _compare(model, ids)
            except UNREADABLE:
                yield Finding(
                    None,
                    f"A {model._meta.model_name} of the stories {ids[0]} to {ids[-1]}, or of their history, no "
                    "longer reads as a row.",
                )


def _compare(model: Any, articles: list[int]) -> Iterator[Finding]:
    of = "pk__in" if model is Article else "parent_id__in"
    of_history = "id__in" if model is Article else "parent_id__in"
    history = history_model(model)._base_manager
    latest = history.filter(**{of_history: articles}).order_by().values("id")
    numbers = latest.annotate(newest=Max("history_id")).values("newest")
    columns = [field.attname for field in model._meta.concrete_fields]
    recorded = {
        row["id"]: row
        for row in history.filter(history_id__in=numbers).values("history_type", *columns)
        if row["history_type"] != "-"
    }
    name = model._meta.model_name
    for row in model._base_manager.filter(**{of: articles}).values(*columns):
        known = recorded.pop(row["id"], None)
        if known is None:
            yield Finding(None, f"The {name} {row['id']} is in no history: it was slipped in.")
            continue
        changed = [column for column in columns if row[column] != known[column]]
        if changed:
            yield Finding(None, f"The {name} {row['id']} is not as its history has it: {', '.join(changed)}.")
    for number in recorded:
        yield Finding(None, f"The {name} {number} is gone, but its history does not say so.")

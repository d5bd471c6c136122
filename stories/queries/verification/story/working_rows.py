"""Check the working copies against their history: an UPDATE that bypassed the actions is found here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Max

from stories.models import Article
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.queries.verification.findings import UNREADABLE, Finding, Kind, changed


def check_working_rows(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every working row that differs from its newest history row: changed, inserted or deleted.

    Two queries a tracked model. If a row is unreadable, the stories are checked one by one.
    """
    for model in TRACKED_MODELS:
        try:
            yield from list(_compare(model, articles))
        except UNREADABLE:
            yield from _one_by_one(model, articles)


def _one_by_one(model: Any, articles: Sequence[int]) -> Iterator[Finding]:
    for article in articles:
        try:
            yield from list(_compare(model, [article]))
        except UNREADABLE:
            yield Finding(
                None,
                Kind.WORKING_ROW,
                f"A row of {model._meta.db_table} of story {article}, or of its history, no longer reads as a row.",
            )


def _compare(model: Any, articles: Sequence[int]) -> Iterator[Finding]:
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
    for row in model._base_manager.filter(**{of: articles}).values(*columns):
        known = recorded.pop(row["id"], None)
        if known is None:
            yield _finding(model, row, "is in no history: it was slipped in.")
            continue
        differing = [column for column in columns if row[column] != known[column]]
        if differing:
            changes = tuple(changed(column, known[column], row[column]) for column in differing)
            yield _finding(model, row, f"is not as its history has it: {', '.join(differing)}.", changes)
    for row in recorded.values():
        yield _finding(model, row, "is gone, but its history does not say so.")


def _finding(model: Any, row: dict[str, Any], what: str, changes: Any = ()) -> Finding:
    named = (
        f"{model._meta.model_name} {row.get('key', row['id'])} (row {row['id']} of {model._meta.db_table})"
    )
    return Finding(None, Kind.WORKING_ROW, f"The {named} {what}", changes)

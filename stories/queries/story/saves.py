"""What was saved of a story between two revisions: who wrote which parts, revision by revision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from stories.domain.merge.report import Save, Values
from stories.domain.snapshot import Block
from stories.models.articles import Article
from stories.models.integrity.registry import PART_MODELS, history_model
from stories.models.record.revisions import Revision
from stories.queries.story.snapshots import COLUMNS, STORY_COLUMNS


def saves_between(article_id: int, base: int, newest: int) -> list[Save]:
    """Return each revision after `base` up to `newest`, the oldest first, with what it wrote.

    One query a tracked model and one for the revisions, however many there are.
    """
    between = {"revision__gt": base, "revision__lte": newest}
    written: dict[int, dict[UUID | None, Values]] = {}
    for row in history_model(Article).objects.filter(id=article_id, **between):
        written.setdefault(row.revision, {})[None] = _values(row, STORY_COLUMNS)
    for kind, model in PART_MODELS.items():
        for row in history_model(model).objects.filter(parent_id=article_id, **between):
            parts = written.setdefault(row.revision, {})
            if row.history_type == "-":
                # A block that became another kind has a deletion of the old kind and an insertion of the new.
                parts.setdefault(row.key, None)
            else:
                named = {"kind": kind.kind} if issubclass(kind, Block) else {}
                parts[row.key] = named | _values(row, COLUMNS[kind])
    revisions = Revision.objects.filter(article_id=article_id, number__gt=base, number__lte=newest)
    return [
        Save(
            number=revision.number,
            user_id=revision.user_id,
            user_name=revision.user_name,
            parts=written.get(revision.number, {}),
        )
        for revision in revisions.order_by("number")
    ]


def _values(row: Any, columns: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    values = {name: getattr(row, attribute) for name, attribute in columns}
    # As in a snapshot: an empty reference is "".
    return {
        name: "" if value is None and name in ("section", "picture") else value
        for name, value in values.items()
    }

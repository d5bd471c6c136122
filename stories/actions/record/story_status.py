"""Update a story's status row for the desk's lists, in one statement."""

from __future__ import annotations

from collections.abc import Collection

from stories.models import EntryKind, StoryStatus
from stories.queries.desk.story_status import COLUMNS_OF_KIND, status_expressions


def update_story_status(article_id: int, kinds: Collection[EntryKind]) -> None:
    """Update a story's status row from its journals; `kinds` are those of the events that were just written.

    One query, three for a new story.
    """
    values = status_expressions()
    row = StoryStatus.objects.filter(article=article_id)
    changed = {name for kind in kinds for name in COLUMNS_OF_KIND.get(kind, values)}
    if not row.update(**{name: values[name] for name in values if name in changed}):
        StoryStatus.objects.create(article_id=article_id)
        row.update(**values)

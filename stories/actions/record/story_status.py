"""Update a story's status row for the desk's lists, in one statement."""

from __future__ import annotations

from collections.abc import Collection

from stories.models import EntryKind, StoryStatus
from stories.queries.desk.story_status import OF_A_REVISION, status_expressions


def update_story_status(article_id: int, kinds: Collection[EntryKind]) -> None:
    """Update a story's status row from its journals; `kinds` are those of the events that were just written.

    One query, three for a new story.
    """
    values = status_expressions()
    row = StoryStatus.objects.filter(article=article_id)
    changed = OF_A_REVISION if set(kinds) == {EntryKind.REVISION} else values
    if not row.update(**{name: values[name] for name in changed}):
        StoryStatus.objects.create(article_id=article_id)
        row.update(**values)

"""Update a story's status row for the desk's lists: one statement, composed once per process."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.db.models.sql import UpdateQuery

from stories.models import EntryKind, StoryStatus
from stories.queries.desk.story_status import OF_A_REVISION, status_expressions

# A placeholder for the story in the cached statement; no story has this id.
_ANY: Final = -1


def update_story_status(article_id: int, kinds: Collection[EntryKind]) -> None:
    """Update a story's status row from its journals; `kinds` are those of the events that were just written.

    One query, three for a new story.
    """
    of_a_revision = set(kinds) == {EntryKind.REVISION}
    if not _write(article_id, of_a_revision=of_a_revision):
        StoryStatus.objects.create(article_id=article_id)
        _write(article_id, of_a_revision=False)


def _write(article_id: int, *, of_a_revision: bool) -> int:
    sql, parameters = _statement(connection.vendor, of_a_revision)
    with connection.cursor() as cursor:
        cursor.execute(sql, [article_id if each == _ANY else each for each in parameters])
        return int(cursor.rowcount)


@lru_cache
def _statement(vendor: str, of_a_revision: bool) -> tuple[str, tuple[Any, ...]]:
    """Return the UPDATE with its parameters: composing it each time would take longer than saving the whole story."""
    values = status_expressions()
    names = OF_A_REVISION if of_a_revision else tuple(values)
    query: Any = StoryStatus.objects.filter(article_id=_ANY).query.chain(UpdateQuery)
    query.add_update_values({name: values[name] for name in names})
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    assert _ANY in parameters
    return sql, tuple(parameters)

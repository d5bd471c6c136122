"""The newest entry of a story in a journal: the one that counts."""

from __future__ import annotations

from typing import Any, TypeVar

from stories.models import Article
from stories.models.record.revisions import Journal

Entry = TypeVar("Entry", bound=Journal)


def newest_entry(journal: type[Entry], article: Article | int) -> Entry | None:
    """Return the newest entry of a story, None if there is none. One query."""
    # Each journal of stories declares its own column of the story, which the base class can't know.
    entries: Any = journal.objects
    found: Entry | None = entries.filter(article=article).order_by("-pk").first()
    return found

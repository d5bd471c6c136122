"""Which stories are in developing mode."""

from __future__ import annotations

from datetime import datetime

from stories.models import DevelopingMode
from stories.queries.story.journals import newest_entry


def developing_until(article_id: int, *, at: datetime) -> datetime | None:
    """Return when a story's developing mode expires; None if it is off. One query."""
    newest = newest_entry(DevelopingMode, article_id)
    until = newest.until if newest is not None else None
    return until if until is not None and until > at else None


def is_developing(article_id: int, *, at: datetime) -> bool:
    """Return whether a story's developing mode is on. One query."""
    return developing_until(article_id, at=at) is not None


def owes_summary(article_id: int) -> bool:
    """Return whether developing mode was switched on and no summary has closed it since. One query."""
    newest = newest_entry(DevelopingMode, article_id)
    return newest is not None and newest.until is not None

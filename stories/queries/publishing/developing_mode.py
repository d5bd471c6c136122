"""Which stories are in developing mode."""

from __future__ import annotations

from datetime import datetime

from stories.models import DevelopingMode


def developing_until(article_id: int, *, at: datetime) -> datetime | None:
    """Return when a story's developing mode expires; None if it is off. One query."""
    until = (
        DevelopingMode.objects.filter(article=article_id)
        .order_by("-pk")
        .values_list("until", flat=True)
        .first()
    )
    return until if until is not None and until > at else None


def is_developing(article_id: int, *, at: datetime) -> bool:
    """Return whether a story's developing mode is on. One query."""
    return developing_until(article_id, at=at) is not None


def owes_summary(article_id: int) -> bool:
    """Return whether developing mode was switched on and no summary has closed it since. One query."""
    newest = DevelopingMode.objects.filter(article=article_id).order_by("-pk").first()
    return newest is not None and newest.until is not None

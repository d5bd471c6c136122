"""Which stories are developing."""

from __future__ import annotations

from datetime import datetime

from stories.models import DevelopingMode


def developing_until(article_id: int, *, at: datetime) -> datetime | None:
    """When a story's developing mode ends by itself; None where it is off. One query."""
    until = (
        DevelopingMode.objects.filter(article=article_id)
        .order_by("-pk")
        .values_list("until", flat=True)
        .first()
    )
    return until if until is not None and until > at else None


def is_developing(article_id: int, *, at: datetime) -> bool:
    """Whether a story's developing mode is on. One query."""
    return developing_until(article_id, at=at) is not None


def owes_summary(article_id: int) -> bool:
    """Whether developing mode was switched on and no summary has closed it since. One query."""
    newest = DevelopingMode.objects.filter(article=article_id).order_by("-pk").first()
    return newest is not None and newest.until is not None

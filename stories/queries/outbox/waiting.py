"""The overdue messages of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min

from stories.models import OutboxMessage

# A running worker needs seconds.
LATE_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many messages are overdue, since when the oldest waits, and why it was not sent.

    `error` is "" if it was never tried: then no worker runs.
    """

    count: int = 0
    since: datetime | None = None
    error: str = ""


def waiting(at: datetime) -> Waiting:
    """Return what is overdue at a time. One query if nothing is, else two."""
    messages = OutboxMessage.objects.waiting(at)
    found = messages.aggregate(count=Count("pk"), since=Min("due_at"))
    if not found["count"]:
        return Waiting()
    oldest = messages.order_by("due_at", "pk").values_list("error", flat=True).first()
    return Waiting(count=found["count"], since=found["since"], error=oldest or "")


def late(at: datetime) -> Waiting | None:
    """Return what is overdue, if the oldest message has waited for minutes; None otherwise."""
    found = waiting(at)
    return found if found.since is not None and found.since <= at - LATE_AFTER else None

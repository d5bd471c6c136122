"""Decisions that wanted a second person, where the two accounts may be one person's."""

from __future__ import annotations

from stories.models import SecondPersonCheck
from stories.queries.audit.queues import PAGE_LENGTH, QueuePage, queued, signed_off


def second_person(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Tries that were refused, and decisions by accounts that were tied not long before; the newest first.

    `before` is the number of the row that the page before ended with. Two queries.
    """
    rows = SecondPersonCheck.objects.order_by("-pk")
    if unsigned:
        rows = rows.filter(~signed_off("second-person"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE_LENGTH + 1])
    shown = found[:PAGE_LENGTH]
    return QueuePage(
        lines=queued((row, row) for row in shown),
        following=shown[-1].pk if len(found) > PAGE_LENGTH else None,
    )

"""Find decisions that need a second person, made by an account that may be the same person's."""

from __future__ import annotations

from stories.models import SecondPersonCheck
from stories.queries.audit.queues import PAGE_LENGTH, QueuePage, queued, signed_off


def second_person(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return attempts that were refused, and decisions by recently tied accounts; newest first.

    `before` is the number of the last row of the previous page. Two queries.
    """
    rows = SecondPersonCheck.objects.order_by("-pk")
    if unsigned:
        rows = rows.filter(~signed_off("second-person"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE_LENGTH + 1])
    on_page = found[:PAGE_LENGTH]
    return QueuePage(
        lines=queued((row, row) for row in on_page),
        following=on_page[-1].pk if len(found) > PAGE_LENGTH else None,
    )

"""Find decisions that need a second person, made by an account that may be the same person's."""

from __future__ import annotations

from stories.models import SecondPersonCheck
from stories.queries.audit.queues import QueuePage, one_page, queued, signed_off


def second_person(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return attempts that were refused, and decisions by recently tied accounts; newest first.

    `before` is the number of the last row of the previous page. Two queries.
    """
    rows = SecondPersonCheck.objects.order_by("-pk")
    if unsigned:
        rows = rows.filter(~signed_off("second-person"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    on_page, following = one_page(rows)
    return QueuePage(lines=queued((row, row) for row in on_page), following=following)

"""Find versions published by the only person who ever edited them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from stories.models import Publication, PublicationClass, Revision
from stories.queries.audit.queues import (
    PAGE_LENGTH,
    WINDOW,
    QueuePage,
    newest_number,
    page_of_rows,
    queued,
    signed_off,
)


def own_author(*, at: datetime, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return versions whose every revision is by their publisher, newest first; imports are left out.

    `before` is the number of the last publication of the previous page. Three queries, over WINDOW publications at
    most.
    """
    start = newest_number(Publication, before)
    if start is None:
        return QueuePage()
    others = Revision.objects.filter(
        article=OuterRef("article"), number__lte=OuterRef("revision__number")
    ).exclude(user_id=OuterRef("user_id"))
    rows = (
        Publication.objects.live(at=at)
        .filter(pk__lt=start, pk__gte=start - WINDOW, user_id__isnull=False)
        .exclude(publication_class=PublicationClass.IMPORTED)
        .filter(~Exists(others))
        .order_by("-pk")
    )
    if unsigned:
        rows = rows.filter(~signed_off("publication"))
    on_page, following, looked_back = page_of_rows(list(rows[: PAGE_LENGTH + 1]), start=start)
    return QueuePage(
        lines=queued((row, row) for row in on_page), following=following, looked_back=looked_back
    )

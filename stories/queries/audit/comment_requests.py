"""Find requests for comment without a logged attempt, and those dropped without an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from stories.domain.snapshot import RequestStatus
from stories.models import CommentRequest, ContactAttempt, Publication, PublicationClass, Revision
from stories.models.integrity.registry import history_model
from stories.queries.audit.queues import (
    PAGE_LENGTH,
    WINDOW,
    QueuePage,
    newest_number,
    page_of_rows,
    queued,
    signed_off,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UntriedRequests:
    """A first version, and the parties that it says were asked, without a logged attempt before it."""

    publication: Publication
    parties: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRequest:
    """A request that was removed from its story while pending; or (`silent`) is said to be unanswered."""

    revision: Revision
    party: str
    silent: bool


def untried(*, at: datetime, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return stories first published with requests without a logged attempt by then, newest first.

    `before` is the number of the last publication of the previous page. Four queries, over WINDOW publications at most.
    """
    start = newest_number(Publication, before)
    if start is None:
        return QueuePage()
    rows = (
        Publication.objects.live(at=at)
        .filter(pk__lt=start, pk__gte=start - WINDOW, publication_class=PublicationClass.FIRST)
        .filter(Exists(_untried_rows()))
        .select_related("revision")
        .order_by("-pk")
    )
    if unsigned:
        rows = rows.filter(~signed_off("publication"))
    on_page, following, looked_back = page_of_rows(list(rows[: PAGE_LENGTH + 1]), start=start)
    parties = _parties(on_page)
    events = [(row, UntriedRequests(publication=row, parties=parties[row.pk])) for row in on_page]
    return QueuePage(lines=queued(events), following=following, looked_back=looked_back)


def dropped(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return requests that were removed while pending, or are said to be unanswered without a logged attempt.

    Of published stories, newest first; `before` is the number of the last row of the previous page. Four queries, over
    WINDOW changes of requests at most.
    """
    history = history_model(CommentRequest)
    start = newest_number(history, before)
    if start is None:
        return QueuePage()
    revisions = Revision.objects.filter(article=OuterRef("parent_id"), number=OuterRef("revision"))
    silent = Q(status=RequestStatus.NO_RESPONSE.value) & ~Q(history_type="-")
    said_before = history.objects.filter(silent, id=OuterRef("id"), parent_id=OuterRef("parent_id"))
    rows = (
        history.objects.filter(pk__lt=start, pk__gte=start - WINDOW)
        .filter(Exists(Publication.objects.not_cancelled().filter(article=OuterRef("parent_id"))))
        .filter(
            Q(history_type="-", status=RequestStatus.PENDING.value)
            | silent
            & ~Exists(said_before.filter(history_id__lt=OuterRef("history_id")))
            & ~Exists(_attempts(OuterRef("key"), OuterRef("history_date")))
        )
        .annotate(
            revision_event=Subquery(revisions.values("pk")[:1]),
            recorded_at=Subquery(revisions.values("recorded_at")[:1]),
        )
        .order_by("-pk")
    )
    if unsigned:
        rows = rows.filter(~signed_off("revision", event="revision_event"))
    on_page, following, looked_back = page_of_rows(list(rows[: PAGE_LENGTH + 1]), start=start)
    found = Revision.objects.in_bulk([row.revision_event for row in on_page])
    events = [
        (
            found[row.revision_event],
            DroppedRequest(
                revision=found[row.revision_event], party=row.party, silent=row.history_type != "-"
            ),
        )
        for row in on_page
    ]
    return QueuePage(lines=queued(events), following=following, looked_back=looked_back)


def _attempts(key: Any, by: Any) -> Any:
    """Return the attempts logged for a request up to a time."""
    return ContactAttempt.objects.filter(record__request_key=key, at__lte=by)


def _untried_rows() -> Any:
    """Return the history rows of a publication's requests without an attempt before it went live."""
    history = history_model(CommentRequest).objects
    revision = OuterRef("revision__number")
    later = history.filter(
        parent_id=OuterRef("parent_id"),
        id=OuterRef("id"),
        revision__lte=OuterRef(revision),
        history_id__gt=OuterRef("history_id"),
    )
    tried = _attempts(OuterRef("key"), OuterRef(OuterRef("live_from")))
    return history.filter(
        ~Exists(later), ~Exists(tried), parent_id=OuterRef("article"), revision__lte=revision
    ).exclude(history_type="-")


def _parties(publications: Sequence[Publication]) -> dict[int, list[str]]:
    """Return the parties of requests without an attempt, by their publication. Two queries."""
    history = history_model(CommentRequest).objects
    rows = list(
        history.filter(parent_id__in=[each.article_id for each in publications]).order_by("history_id")
    )
    first_tried = dict(
        ContactAttempt.objects.filter(record__request_key__in={row.key for row in rows})
        .values_list("record__request_key")
        .annotate(first=Min("at"))
    )
    found = {}
    for publication in publications:
        rows_by_id = {
            row.id: row
            for row in rows
            if row.parent_id == publication.article_id and row.revision <= publication.revision.number
        }
        found[publication.pk] = [
            row.party
            for row in rows_by_id.values()
            if row.history_type != "-"
            and not (row.key in first_tried and first_tried[row.key] <= publication.live_from)
        ]
    return found

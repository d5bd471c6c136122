"""The comment desk: the requests of all stories, with the desk's records of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from stories.domain.snapshot import RequestStatus
from stories.models import Article, CommentRequest, ContactAttempt, DeskRecord, TermsDecision

OVERDUE, TODAY, WEEK, NONE = "overdue", "today", "week", "none"
LONG_AGO = "long-ago"
ALL = "all"
# A request open for this long needs another attempt, or a decision.
OPEN_TOO_LONG: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilters:
    """Which requests: by state (ALL for any), by deadline, by when they were asked ("" for any), by party and story."""

    state: str = RequestStatus.PENDING.value
    deadline: str = ""
    asked: str = ""
    party: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskData:
    """The desk's records of one request; `record` is None if there are none."""

    record: DeskRecord | None
    attempts: list[ContactAttempt]
    decisions: list[TermsDecision]


def requests_at_desk(
    filters: RequestFilters, *, at: datetime, stories: QuerySet[Article] | None = None
) -> QuerySet[CommentRequest, int]:
    """Return the ids of requests: pending ones first, of these the longest overdue, then the next due.

    Of the working copies of `stories`, None for all; withdrawn stories and discarded drafts are left out. Reads no more
    than the order needs, so that a list of many stories can be paged. One query.
    """
    records = DeskRecord.objects.filter(request_key=OuterRef("key"))
    found = CommentRequest.objects.filter(
        parent__story_status__withdrawn=False, parent__story_status__discarded=False
    ).annotate(deadline=Subquery(records.values("deadline")[:1]))
    if stories is not None:
        found = found.filter(parent__in=stories.values("pk"))
    if filters.state != ALL:
        found = found.filter(status=filters.state)
    if filters.party:
        found = found.filter(party__icontains=filters.party)
    if filters.story:
        found = found.filter(
            Q(parent__headline__icontains=filters.story) | Q(parent__slug__icontains=filters.story)
        )
    if filters.asked == LONG_AGO:
        found = found.filter(requested_at__lte=at - OPEN_TOO_LONG)
    ordered = _due(found, filters.deadline, at).order_by(
        Case(
            When(status=RequestStatus.PENDING.value, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        ),
        F("deadline").asc(nulls_last=True),
        F("requested_at").asc(nulls_last=True),
        "pk",
    )
    return ordered.values_list("pk", flat=True)


def lines_of(requests: Sequence[int]) -> list[Any]:
    """Return requests by their ids, in that order, as the list displays them. One query.

    Each with its story and `deadline`, `terms`, `holds` (whether a statement is stored), and the last attempt's
    `tried_at`, `tried_by` (a channel) and `answered`.
    """
    records = DeskRecord.objects.filter(request_key=OuterRef("key"))
    tried = ContactAttempt.objects.filter(record__request_key=OuterRef("key")).order_by("-at", "-pk")
    found = (
        CommentRequest.objects.filter(pk__in=requests)
        .select_related("parent", "parent__story_status")
        .annotate(
            deadline=Subquery(records.values("deadline")[:1]),
            terms=Subquery(records.values("terms")[:1]),
            holds=Exists(records.exclude(statement="")),
            tried_at=Subquery(tried.values("at")[:1]),
            tried_by=Subquery(tried.values("channel")[:1]),
            answered=Subquery(tried.values("answered")[:1]),
        )
    )
    place = {number: index for index, number in enumerate(requests)}
    return sorted(found, key=lambda line: place[line.pk])


def _due(requests: QuerySet[Any], deadline: str, at: datetime) -> QuerySet[Any]:
    morning = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    if deadline == OVERDUE:
        return requests.filter(deadline__lt=at, status=RequestStatus.PENDING.value)
    if deadline == TODAY:
        return requests.filter(deadline__gte=morning, deadline__lt=morning + timedelta(days=1))
    if deadline == WEEK:
        return requests.filter(deadline__gte=morning, deadline__lt=morning + timedelta(days=7))
    if deadline == NONE:
        return requests.filter(deadline__isnull=True)
    return requests


def desk_data(article: Article, request_key: UUID) -> DeskData:
    """Return the desk's records of a request. Three queries, one if there are none."""
    record = DeskRecord.objects.filter(article=article, request_key=request_key).first()
    if record is None:
        return DeskData(record=None, attempts=[], decisions=[])
    return DeskData(
        record=record, attempts=list(record.attempts.all()), decisions=list(record.decisions.all())
    )

"""The columns of a story's status, computed from its journals."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.db.models import CharField, Count, Exists, Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from stories.domain.snapshot import RequestStatus
from stories.models import (
    Assignment,
    CommentRequest,
    DevelopingMode,
    Discard,
    Embargo,
    EntryKind,
    Publication,
    ReviewRequest,
    Revision,
    Withdrawal,
)
from stories.queries.publishing.review_requests import publications_covering

_OFFER: Final = ("offered_at", "offered_by")
_PUBLICATIONS: Final = (
    "published",
    "address",
    "publications",
    "first_live_from",
    "last_live_from",
    "waiting_since",
    *_OFFER,
)
# The columns that an event of a kind can change: each column costs a subquery, and saves are frequent. An event of a
# kind that is not here may change any of them.
COLUMNS_OF_KIND: Final[dict[EntryKind, tuple[str, ...]]] = {
    EntryKind.REVISION: (
        "newest",
        "edited_at",
        "edited_by_id",
        "edited_by",
        "waiting_since",
        "open_requests",
    ),
    EntryKind.PUBLICATION: _PUBLICATIONS,
    EntryKind.CANCELLATION: _PUBLICATIONS,
    EntryKind.EMBARGO: ("embargo_until",),
    EntryKind.DEVELOPING: ("developing_until",),
    EntryKind.WITHDRAWAL: ("withdrawn",),
    EntryKind.DISCARD: ("discarded",),
    EntryKind.ASSIGNMENT: ("assignee_id", "assignee"),
    EntryKind.REVIEW_REQUEST: _OFFER,
}


@cache
def status_expressions() -> dict[str, Any]:
    """Return the columns of story statuses as expressions, for an UPDATE or for an annotation that checks them.

    Cached, since composing them takes longer than the query.
    """
    of_story = {"article": OuterRef("article_id")}
    revisions = Revision.objects.filter(**of_story)
    newest, oldest = revisions.order_by("-number"), revisions.order_by("number")
    not_cancelled = Publication.objects.not_cancelled().filter(**of_story)
    last = not_cancelled.order_by("-live_from", "-pk")
    published = Coalesce(Subquery(last.values("revision__number")[:1]), 0)
    # The newest offer, unless it was taken back, or its revision or a later one is published.
    later = ReviewRequest.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    met = publications_covering(OuterRef("revision__number")).filter(article=OuterRef("article"))
    offers = ReviewRequest.objects.filter(~Exists(later), ~Exists(met), **of_story, offered=True)

    def column(rows: Any, name: str, empty: Any = None) -> Any:
        found = Subquery(rows.values(name)[:1])
        return found if empty is None else Coalesce(found, Value(empty))

    def newest_of(journal: Any, name: str, empty: Any = None) -> Any:
        return column(journal.objects.filter(**of_story).order_by("-pk"), name, empty)

    def counted(rows: Any, of: str = "article") -> Any:
        return Coalesce(Subquery(rows.order_by().values(of).annotate(n=Count("pk")).values("n")), 0)

    waiting = revisions.filter(number__gt=published).order_by("number")
    return {
        "begun_by_id": column(oldest, "user_id"),
        "begun_by": column(oldest, "user_name", ""),
        "newest": column(newest, "number", 0),
        "edited_at": column(newest, "recorded_at"),
        "edited_by_id": column(newest, "user_id"),
        "edited_by": column(newest, "user_name", ""),
        "published": published,
        "address": Coalesce(Subquery(last.values("address_id")[:1]), Value(""), output_field=CharField()),
        "publications": counted(not_cancelled),
        "first_live_from": Subquery(
            not_cancelled.order_by().values("article").annotate(first=Min("live_from")).values("first")
        ),
        "last_live_from": column(last, "live_from"),
        "waiting_since": column(waiting.filter(article__in=not_cancelled.values("article")), "recorded_at"),
        "withdrawn": newest_of(Withdrawal, "withdrawn", False),
        "discarded": newest_of(Discard, "discarded", False),
        "developing_until": newest_of(DevelopingMode, "until"),
        "embargo_until": newest_of(Embargo, "until"),
        "assignee_id": newest_of(Assignment, "assignee_id"),
        "assignee": newest_of(Assignment, "assignee_name", ""),
        "offered_at": column(offers, "recorded_at"),
        "offered_by": column(offers, "user_name", ""),
        "open_requests": counted(
            CommentRequest.objects.filter(parent=OuterRef("article_id"), status=RequestStatus.PENDING.value),
            of="parent",
        ),
    }

"""The desk's front page and list of stories: stories by status, and what needs attention."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any, Final

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.domain.snapshot import NoteKind, RequestStatus
from stories.models import (
    Article,
    Byline,
    CommentRequest,
    DeskRecord,
    ImageBlock,
    Publication,
    Question,
    ReviewRequest,
    StoryStatus,
    UpdateNote,
)
from stories.queries.audit.questions import questions_for
from stories.queries.comment_desk.requests import OPEN_TOO_LONG
from stories.queries.publishing.review_requests import publications_covering

STATUS_FILTERS: Final[dict[str, Any]] = {
    "mine": _("Assigned to me"),
    "draft": _("Drafts"),
    "my-drafts": _("My drafts"),
    "live": _("Live"),
    "waiting": _("Edits waiting"),
    "scheduled": _("Scheduled"),
    "offered": _("Waiting for review"),
    "developing": _("Developing"),
    "owed": _("Needs a closing summary"),
    "lacking": _("Incomplete"),
    "withdrawn": _("Withdrawn"),
    "discarded": _("Discarded drafts"),
}
# How many lines a section of the front page has; one more is queried, to know whether there are more.
MOST_LISTED: Final = 8


# ------------------------------------------------------------------------------------- the list of stories


def with_story_status(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return articles joined with their story's status, which each has, to order and filter by it."""
    return articles.filter(story_status__newest__gte=0)


def filter_by_status(
    articles: QuerySet[Article], which: str, *, at: datetime, user_id: int
) -> QuerySet[Article]:
    """Return articles with a status, one of STATUS_FILTERS; for any other word all but discarded drafts."""
    if which == "discarded":
        return articles.filter(story_status__discarded=True)
    not_discarded = articles.filter(story_status__discarded=False)
    up = Q(story_status__withdrawn=False)
    live = up & Q(story_status__first_live_from__lte=at)
    conditions = {
        "mine": Q(story_status__assignee_id=user_id),
        "draft": Q(story_status__publications=0),
        "my-drafts": Q(story_status__publications=0, story_status__begun_by_id=user_id),
        "live": live,
        "waiting": up & Q(story_status__waiting_since__isnull=False),
        "scheduled": up & Q(story_status__last_live_from__gt=at),
        "offered": up & Q(story_status__offered_at__isnull=False),
        "developing": live & Q(story_status__developing_until__gt=at),
        "owed": live & Q(story_status__developing_until__lte=at),
        "lacking": up
        & (Q(pk__in=_bare_corrections(at).values("parent")) | Q(pk__in=_lacking_pictures().values("parent"))),
        "withdrawn": Q(story_status__withdrawn=True),
    }.get(which)
    return not_discarded if conditions is None else not_discarded.filter(conditions)


def search_articles(articles: QuerySet[Article], words: str) -> QuerySet[Article]:
    """Return articles with each of the words in the headline, the slug or an author's name."""
    for word in words.split():
        credited = Byline.objects.filter(Q(credited_as__icontains=word) | Q(author__name__icontains=word))
        articles = articles.filter(
            Q(headline__icontains=word) | Q(slug__icontains=word) | Q(pk__in=credited.values("parent"))
        )
    return articles


# ------------------------------------------------------------------------------------------- the front page


class DeskGroup(Enum):
    """What a line of the front page is about."""

    OVERDUE = "overdue"
    TODAY = "today"
    LONG_OPEN = "long-open"
    OFFERED = "offered"
    PENDING = "pending"
    OWED = "owed"
    GIVEN = "given"
    DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class DeskFrontPage:
    """What needs attention: each list has up to MOST_LISTED lines, and one more if there are more.

    Requests have their `parent` and `deadline`, statuses their `article`, publications their article and card.
    """

    requests: dict[DeskGroup, list[CommentRequest]]
    cards: dict[DeskGroup, list[StoryStatus]]
    waiting: list[StoryStatus]
    published: list[Publication]
    corrections: list[UpdateNote] = field(default_factory=list)
    pictures: list[ImageBlock] = field(default_factory=list)
    returned: list[ReviewRequest] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def front_page_of(user_id: int, *, everything: bool, of_the_desk: bool, at: datetime) -> DeskFrontPage:
    """Return what needs the attention of an editor who sees all stories (`everything`), or of a writer, in their own.

    `of_the_desk` is for whoever answers auditors' questions that are addressed to nobody. Eight queries, however many
    stories there are; for a writer seven.
    """
    cards = StoryStatus.objects.filter(
        _own(user_id, everything), withdrawn=False, discarded=False
    ).select_related("article")
    found = {**_split(_promised(cards, at)), **_split(_of_person(user_id))}
    requests = _split(_requests(_own(user_id, everything, "parent__story_status__"), at))
    waiting = list(
        cards.filter(waiting_since__isnull=False).order_by("waiting_since", "pk")[: MOST_LISTED + 1]
    )
    published = list(_published(at)[: MOST_LISTED + 1])
    questions = questions_for(user_id, of_the_desk=of_the_desk)
    if everything:
        return DeskFrontPage(
            requests=requests,
            cards=found,
            waiting=waiting,
            published=published,
            corrections=list(_bare_corrections(at)[: MOST_LISTED + 1]),
            pictures=list(_lacking_pictures()[: MOST_LISTED + 1]),
            questions=questions,
        )
    return DeskFrontPage(
        requests=requests,
        cards=found,
        waiting=waiting,
        published=published,
        returned=list(_returned(user_id)[: MOST_LISTED + 1]),
        questions=questions,
    )


def _own(user_id: int, everything: bool, card: str = "") -> Q:
    """Return the condition for anybody's stories, or those somebody began or has; `card` is the path to the status."""
    if everything:
        return Q()
    return Q(**{f"{card}begun_by_id": user_id}) | Q(**{f"{card}assignee_id": user_id})


def _requests(own: Q, at: datetime) -> QuerySet[Any]:
    """Return pending requests that are overdue, due today or long open: each in the first group that fits."""
    morning = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    records = DeskRecord.objects.filter(request_key=OuterRef("key"))
    found = (
        CommentRequest.objects.filter(own, status=RequestStatus.PENDING.value)
        .filter(parent__story_status__withdrawn=False, parent__story_status__discarded=False)
        .annotate(deadline=Subquery(records.values("deadline")[:1]))
        .annotate(
            group=_group(
                (DeskGroup.OVERDUE, Q(deadline__lt=at)),
                (DeskGroup.TODAY, Q(deadline__lt=morning + timedelta(days=1))),
                (DeskGroup.LONG_OPEN, Q(requested_at__lte=at - OPEN_TOO_LONG)),
            )
        )
        .filter(group__isnull=False)
        .select_related("parent")
    )
    return _first_of_each(found, F("deadline").asc(nulls_last=True), F("requested_at").asc(), F("pk").asc())


def _promised(cards: QuerySet[StoryStatus], at: datetime) -> QuerySet[Any]:
    """Return stories that are offered, are scheduled, or owe readers the summary of developing mode."""
    offered = Q(offered_at__isnull=False)
    pending, owed = Q(last_live_from__gt=at), Q(developing_until__lte=at, first_live_from__lte=at)
    found = cards.filter(offered | pending | owed).annotate(
        group=_group((DeskGroup.PENDING, pending), (DeskGroup.OFFERED, offered), (DeskGroup.OWED, owed))
    )
    when = Case(
        When(pending, then=F("last_live_from")),
        When(offered, then=F("offered_at")),
        default=F("developing_until"),
    )
    return _first_of_each(found, when.asc(), F("pk").asc())


def _of_person(user_id: int) -> QuerySet[Any]:
    """Return stories that are assigned to somebody and not finished, and drafts that they began."""
    given = Q(assignee_id=user_id)
    found = (
        StoryStatus.objects.filter(given | Q(begun_by_id=user_id, publications=0))
        .filter(withdrawn=False, discarded=False)
        .select_related("article")
        .annotate(group=_group((DeskGroup.GIVEN, given), (DeskGroup.DRAFT, Q(publications=0))))
    )
    return _first_of_each(found, F("edited_at").desc(), F("pk").desc())


def _published(at: datetime) -> QuerySet[Publication]:
    """Return what went live last, newest first."""
    return (
        Publication.objects.public(at=at)
        .select_related("article", "revision", "card")
        .order_by("-live_from", "-pk")
    )


def _bare_corrections(at: datetime) -> QuerySet[UpdateNote]:
    """Return corrections of live stories that do not say what was wrong, or what is right."""
    return (
        UpdateNote.objects.filter(kind=NoteKind.CORRECTION.value)
        .filter(Q(was="") | Q(now=""))
        .filter(parent__story_status__first_live_from__lte=at, parent__story_status__withdrawn=False)
        .select_related("parent")
        .order_by("-pk")
    )


def _lacking_pictures() -> QuerySet[ImageBlock]:
    """Return pictures without a file or an alt text, of stories that are neither withdrawn nor discarded."""
    return (
        ImageBlock.objects.filter(Q(picture__isnull=True) | Q(alt_text=""))
        .filter(parent__story_status__withdrawn=False, parent__story_status__discarded=False)
        .select_related("parent")
        .order_by("-pk")
    )


def _returned(user_id: int) -> QuerySet[ReviewRequest]:
    """Return declined offers of a writer's stories that were not published since."""
    later = ReviewRequest.objects.filter(article=OuterRef("article")).order_by("-pk")
    return (
        ReviewRequest.objects.filter(offered=False, pk=Subquery(later.values("pk")[:1]))
        .exclude(user_id=user_id)
        .filter(
            Q(article__story_status__begun_by_id=user_id) | Q(article__story_status__assignee_id=user_id),
            ~Exists(publications_covering(OuterRef("revision__number")).filter(article=OuterRef("article"))),
            article__story_status__discarded=False,
        )
        .select_related("article", "revision")
        .order_by("-pk")
    )


def _group(*groups: tuple[DeskGroup, Q]) -> Case:
    whens = [When(condition, then=Value(group.value)) for group, condition in groups]
    return Case(*whens, default=None, output_field=CharField(max_length=10))


def _first_of_each(rows: QuerySet[Any], *order: Any) -> QuerySet[Any]:
    """Return the first rows of each group, in one query."""
    place = Window(RowNumber(), partition_by=F("group"), order_by=list(order))
    first: QuerySet[Any] = (
        rows.annotate(place=place).filter(place__lte=MOST_LISTED + 1).order_by("group", "place")
    )
    return first


def _split(rows: QuerySet[Any]) -> dict[DeskGroup, list[Any]]:
    groups: dict[DeskGroup, list[Any]] = {}
    for row in rows:
        groups.setdefault(DeskGroup(row.group), []).append(row)
    return groups

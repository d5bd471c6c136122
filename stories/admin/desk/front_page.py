"""The desk's front page, the admin's index: what needs a hand now, of whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.permissions import (
    may_answer_for_desk,
    may_chase,
    may_erase,
    may_publish,
    may_read_ledger,
    may_see_all_desk_records,
    may_withhold,
)
from stories.admin.desk.front_lines import (
    Line,
    asked_party,
    correction,
    decision,
    edited,
    offered,
    owed,
    pending,
    picture,
    published,
    question,
    returned,
    waiting,
)
from stories.queries.desk.front_page import MOST_LISTED, DeskFrontPage, Group, front_page_of
from stories.queries.outbox.waiting import late
from stories.queries.publishing.withholdings import DECIDE_WITHIN, is_overdue, undecided
from stories.queries.takedown.erasures import undecided_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the page. `all_of_them` leads to the whole list, "" where the lines are all that is to be seen."""

    name: str
    title: str
    lines: list[Line]
    nothing: str
    all_of_them: str = ""
    urgent: bool = False


def front_page(request: HttpRequest) -> HttpResponse:
    """The page, for who may see stories; outside auditors are sent to theirs, others see Django's plain index."""
    user = request.user
    if not user.has_perm("stories.view_article"):
        if user.has_perm("stories.see_given_stories"):
            return HttpResponseRedirect(reverse("audit:given"))
        return admin.site.index(request)
    at = timezone.now()
    everything = may_see_all_desk_records(user)
    assert user.pk is not None  # only who is signed in comes here
    desk = front_page_of(user.pk, everything=everything, of_the_desk=may_answer_for_desk(user), at=at)
    parts = _parts(request, desk, everything=everything, at=at)
    return TemplateResponse(
        request,
        "admin/stories/desk/front_page.html",
        {
            **admin.site.each_context(request),
            "title": _("The desk"),
            "subtitle": None,
            "app_list": admin.site.get_app_list(request),
            "parts": [part for part in parts if part.lines],
            "quiet": [part.nothing for part in parts if not part.lines],
            "may_start": user.has_perm("stories.add_article"),
            "late": late(at) if may_read_ledger(user) else None,
            "at": at,
        },
    )


def _parts(request: HttpRequest, desk: DeskFrontPage, *, everything: bool, at: datetime) -> list[Part]:
    writes, publishes = may_chase(request.user), may_publish(request.user)
    parts = [
        _part(
            "questions",
            _("Auditors ask"),
            _("no auditor asks anything"),
            desk.questions,
            lambda asked: question(asked, at),
            "",
            urgent=True,
        ),
        *_kept_from_readers(request.user, at),
        *_request_parts(desk, at),
    ]
    if not everything:
        parts.append(_given_back(desk, at))
    parts += [
        _part(
            "offered",
            _("Offered for review"),
            _("nothing is offered for review"),
            desk.cards.get(Group.OFFERED, []),
            lambda card: offered(card, at, publishes=publishes),
            _list("offered"),
        ),
        _part(
            "waiting",
            _("Edits waiting"),
            _("no edits wait"),
            desk.waiting,
            lambda card: waiting(card, at, publishes=publishes),
            _list("waiting"),
        ),
        _part(
            "pending",
            _("Scheduled"),
            _("nothing is scheduled"),
            desk.cards.get(Group.PENDING, []),
            lambda card: pending(card, at, publishes=publishes),
            _list("scheduled"),
        ),
    ]
    if writes:
        parts += [
            _part(
                "given",
                _("Given to me"),
                _("nothing is given to you"),
                desk.cards.get(Group.GIVEN, []),
                lambda card: edited(card, at),
                _list("mine"),
            ),
            _part(
                "drafts",
                _("My drafts"),
                _("you have no drafts"),
                desk.cards.get(Group.DRAFT, []),
                lambda card: edited(card, at),
                _list("my-drafts"),
            ),
        ]
    parts.append(_lacking(desk, at, publishes=publishes, everything=everything))
    parts.append(
        _part(
            "published",
            _("Last published"),
            _("nothing was published yet"),
            desk.published,
            lambda publication: published(publication, at, publishes=publishes),
            _list("live"),
        )
    )
    return parts


def _request_parts(desk: DeskFrontPage, at: datetime) -> list[Part]:
    def part(group: Group, title: str, nothing: str, query: str, **values: Any) -> Part:
        return _part(
            group.value,
            title,
            nothing,
            desk.requests.get(group, []),
            lambda each: asked_party(each, group, at),
            reverse("admin:stories_comment_desk") + query,
            # The list has more to it than the lines: steps that are done there and then.
            leads_on=True,
            **values,
        )

    return [
        part(
            Group.OVERDUE, _("Requests overdue"), _("no request is overdue"), "?deadline=overdue", urgent=True
        ),
        part(Group.TODAY, _("Requests due today"), _("no request is due today"), "?deadline=today"),
        part(
            Group.LONG_OPEN,
            _("Requests open for 30 days"),
            _("no request is open for 30 days"),
            "?asked=long-ago",
        ),
    ]


def _kept_from_readers(user: Any, at: datetime) -> list[Part]:
    """What is withheld or ordered erased and waits for a second person, for who may be that person."""
    parts = []
    if may_withhold(user):
        held = undecided(limit=MOST_LISTED + 1)
        parts.append(
            _part(
                "withheld",
                _("Withheld, to be confirmed or lifted"),
                _("nothing withheld waits for a second person"),
                held,
                lambda row: decision("withheld", row, at, due=row.recorded_at + DECIDE_WITHIN),
                "",
                urgent=bool(held) and is_overdue(held[0], at=at),
            )
        )
    if may_erase(user):
        parts.append(
            _part(
                "to-erase",
                _("Ordered erased, to be approved or refused"),
                _("no order to erase waits for a second person"),
                undecided_orders(limit=MOST_LISTED + 1),
                lambda row: decision("erasure", row, at),
                "",
            )
        )
    return parts


def _part(
    name: str,
    title: str,
    nothing: str,
    rows: Iterable[Any],
    line_of: Callable[[Any], Line],
    all_of_them: str,
    *,
    leads_on: bool = False,
    urgent: bool = False,
) -> Part:
    """A section of at most SHOWN rows; the row after them says that there are more. `leads_on` links to all anyway."""
    found = list(rows)
    return Part(
        name=name,
        title=title,
        lines=[line_of(row) for row in found[:MOST_LISTED]],
        nothing=nothing,
        all_of_them=all_of_them if leads_on or len(found) > MOST_LISTED else "",
        urgent=urgent,
    )


def _given_back(desk: DeskFrontPage, at: datetime) -> Part:
    return _part(
        "returned",
        _("Given back to you"),
        _("nothing is given back to you"),
        desk.returned,
        lambda offer: returned(offer, at),
        _list("my-drafts"),
    )


def _lacking(desk: DeskFrontPage, at: datetime, *, publishes: bool, everything: bool) -> Part:
    """What of notes and imports lacks something, the most of each kind that the page has room for."""

    lines = [owed(card, at, publishes=publishes) for card in desk.cards.get(Group.OWED, [])[:MOST_LISTED]]
    lines += [correction(note) for note in desk.corrections[: MOST_LISTED // 2]]
    lines += [picture(image) for image in desk.pictures[: MOST_LISTED // 2]]
    return Part(
        name="lacking",
        title=_("Something is lacking"),
        lines=lines,
        nothing=_("no note or picture lacks anything") if everything else _("no summary is owed"),
        all_of_them=_list("lacking")
        if everything and len(desk.corrections) + len(desk.pictures) > MOST_LISTED
        else "",
    )


def _list(standing: str) -> str:
    return f"{reverse('admin:stories_article_changelist')}?standing={standing}"

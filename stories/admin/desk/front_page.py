"""The desk's front page, the admin's index: what needs attention now, as far as it concerns the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, section_limit
from stories.actions.permissions import (
    may_answer_for_desk,
    may_chase,
    may_publish,
    may_read_ledger,
    may_see_all_desk_records,
)
from stories.admin.desk.front_lines import (
    Line,
    comment_request,
    correction,
    decision,
    edited,
    offered,
    pending,
    picture,
    published,
    question,
    returned,
    summary_owed,
    waiting,
)
from stories.models import Article
from stories.queries.desk.front_page import MOST_LISTED, DeskFrontPage, DeskGroup, front_page_of
from stories.queries.desk.presence import present_in
from stories.queries.outbox.waiting import late
from stories.queries.publishing.withholdings import undecided
from stories.queries.takedown.erasures import undecided_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSection:
    """A section of the page. `list_address` leads to the whole list, "" if the lines are all there is."""

    name: str
    title: str
    lines: list[Line]
    empty_text: str
    list_address: str = ""
    urgent: bool = False


# Whether the user may publish a story.
Publishes = Callable[[Article], bool]


def front_page(request: HttpRequest) -> HttpResponse:
    """Show the desk to whoever may see stories; redirect outside auditors; show others Django's own index."""
    user = request.user
    if not user.has_perm("stories.view_article"):
        if user.has_perm("stories.see_given_stories"):
            return HttpResponseRedirect(reverse("audit:given"))
        return admin.site.index(request)
    at = timezone.now()
    everything = may_see_all_desk_records(user)
    assert user.pk is not None  # the admin requires a sign-in
    desk = front_page_of(user.pk, everything=everything, of_the_desk=may_answer_for_desk(user), at=at)
    sections = _with_presence(_sections(request, desk, everything=everything, at=at), at)
    return TemplateResponse(
        request,
        "admin/stories/desk/front_page.html",
        {
            **admin.site.each_context(request),
            "title": _("The desk"),
            "subtitle": None,
            "app_list": admin.site.get_app_list(request),
            "sections": [section for section in sections if section.lines],
            "empty": [section.empty_text for section in sections if not section.lines],
            "may_start": user.has_perm("stories.add_article"),
            "late": late(at) if may_read_ledger(user) else None,
            "at": at,
        },
    )


def _sections(
    request: HttpRequest, desk: DeskFrontPage, *, everything: bool, at: datetime
) -> list[DeskSection]:
    """Return the sections that concern the user, the most urgent first; they may have no lines."""
    user = request.user

    def publishes(article: Article) -> bool:
        return may_publish(user, article)

    return [
        _section(
            "questions",
            _("Auditors ask"),
            _("no auditor asks anything"),
            desk.questions,
            lambda row: question(row, at),
            "",
            urgent=True,
        ),
        *_takedown_sections(request.user, at),
        *_request_sections(desk, at),
        *([] if everything else [_returned_section(desk, at)]),
        *_publishing_sections(desk, at, publishes=publishes),
        *(_own_sections(desk, at) if may_chase(request.user) else []),
        _lacking_section(desk, at, publishes=publishes, everything=everything),
        _section(
            "published",
            _("Last published"),
            _("nothing was published yet"),
            desk.published,
            lambda publication: published(publication, at, publishes=publishes(publication.article)),
            _list_address("live"),
        ),
    ]


def _with_presence(sections: list[DeskSection], at: datetime) -> list[DeskSection]:
    """Return the sections with the names of who has which story open. One query."""
    ids = {line.article_id for section in sections for line in section.lines if line.article_id is not None}
    names = present_in(ids, at=at)
    if not names:
        return sections

    def named(line: Line) -> Line:
        present = names.get(line.article_id or 0)
        return replace(line, open_with=get_text_list(present, _("and"))) if present else line

    return [replace(section, lines=[named(line) for line in section.lines]) for section in sections]


def _publishing_sections(desk: DeskFrontPage, at: datetime, *, publishes: Publishes) -> list[DeskSection]:
    """Return what is offered, what waits and what is scheduled."""
    return [
        _section(
            "offered",
            _("Waiting for review"),
            _("nothing waits for review"),
            desk.cards.get(DeskGroup.OFFERED, []),
            lambda status: offered(status, at, publishes=publishes(status.article)),
            _list_address("offered"),
        ),
        _section(
            "waiting",
            _("Edits waiting"),
            _("no edits wait"),
            desk.waiting,
            lambda status: waiting(status, at, publishes=publishes(status.article)),
            _list_address("waiting"),
        ),
        _section(
            "pending",
            _("Scheduled"),
            _("nothing is scheduled"),
            desk.cards.get(DeskGroup.PENDING, []),
            lambda status: pending(status, at, publishes=publishes(status.article)),
            _list_address("scheduled"),
        ),
    ]


def _own_sections(desk: DeskFrontPage, at: datetime) -> list[DeskSection]:
    """Return what is given to the user, and their drafts."""
    return [
        _section(
            "given",
            _("Assigned to me"),
            _("nothing is assigned to you"),
            desk.cards.get(DeskGroup.GIVEN, []),
            lambda status: edited(status, at),
            _list_address("mine"),
        ),
        _section(
            "drafts",
            _("My drafts"),
            _("you have no drafts"),
            desk.cards.get(DeskGroup.DRAFT, []),
            lambda status: edited(status, at),
            _list_address("my-drafts"),
        ),
    ]


def _request_sections(desk: DeskFrontPage, at: datetime) -> list[DeskSection]:
    def section(
        group: DeskGroup, title: str, empty_text: str, query: str, *, urgent: bool = False
    ) -> DeskSection:
        return _section(
            group.value,
            title,
            empty_text,
            desk.requests.get(group, []),
            lambda each: comment_request(each, group, at),
            reverse("admin:stories_comment_desk") + query,
            # The list is always linked, since it offers steps that the lines do not.
            always_link=True,
            urgent=urgent,
        )

    return [
        section(
            DeskGroup.OVERDUE,
            _("Requests overdue"),
            _("no request is overdue"),
            "?deadline=overdue",
            urgent=True,
        ),
        section(DeskGroup.TODAY, _("Requests due today"), _("no request is due today"), "?deadline=today"),
        section(
            DeskGroup.LONG_OPEN,
            _("Requests open for 30 days"),
            _("no request is open for 30 days"),
            "?asked=long-ago",
        ),
    ]


def _takedown_sections(user: Actor, at: datetime) -> list[DeskSection]:
    """Return the withholdings and erasure orders that wait for a second person, if the user may be that person."""
    sections = []
    limit = section_limit(user)
    if user.has_perm("stories.withhold_article"):
        rows = undecided(limit=MOST_LISTED + 1, sections=limit)
        sections.append(
            _section(
                "withheld",
                _("Withheld, to be confirmed or lifted"),
                _("nothing withheld waits for a second person"),
                rows,
                lambda row: decision("withheld", row, at, due=row.decide_by),
                "",
                urgent=bool(rows) and rows[0].is_overdue(at=at),
            )
        )
    if user.has_perm("stories.erase_article"):
        sections.append(
            _section(
                "to-erase",
                _("Ordered erased, to be approved or refused"),
                _("no order to erase waits for a second person"),
                undecided_orders(limit=MOST_LISTED + 1, sections=limit),
                lambda row: decision("erasure", row, at),
                "",
            )
        )
    return sections


def _section(
    name: str,
    title: str,
    empty_text: str,
    rows: Iterable[Any],
    line_of: Callable[[Any], Line],
    list_address: str,
    *,
    always_link: bool = False,
    urgent: bool = False,
) -> DeskSection:
    """Make a section of at most MOST_LISTED rows. A further row, or `always_link`, links to the whole list."""
    found = list(rows)
    return DeskSection(
        name=name,
        title=title,
        lines=[line_of(row) for row in found[:MOST_LISTED]],
        empty_text=empty_text,
        list_address=list_address if always_link or len(found) > MOST_LISTED else "",
        urgent=urgent,
    )


def _returned_section(desk: DeskFrontPage, at: datetime) -> DeskSection:
    return _section(
        "returned",
        _("Sent back to you"),
        _("nothing is sent back to you"),
        desk.returned,
        lambda offer: returned(offer, at),
        _list_address("my-drafts"),
    )


def _lacking_section(
    desk: DeskFrontPage, at: datetime, *, publishes: Publishes, everything: bool
) -> DeskSection:
    """Make the section of what notes and imports lack, with as many of each kind as the page has room for."""

    lines = [
        summary_owed(status, at, publishes=publishes(status.article))
        for status in desk.cards.get(DeskGroup.OWED, [])[:MOST_LISTED]
    ]
    lines += [correction(note) for note in desk.corrections[: MOST_LISTED // 2]]
    lines += [picture(image) for image in desk.pictures[: MOST_LISTED // 2]]
    return DeskSection(
        name="lacking",
        title=_("Incomplete"),
        lines=lines,
        empty_text=_("no note or picture is incomplete")
        if everything
        else _("no story needs a closing summary"),
        list_address=_list_address("lacking")
        if everything and len(desk.corrections) + len(desk.pictures) > MOST_LISTED
        else "",
    )


def _list_address(standing: str) -> str:
    return f"{reverse('admin:stories_article_changelist')}?standing={standing}"

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
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _, ngettext

from stories.actions.people import (
    may_answer_for_desk,
    may_chase,
    may_erase,
    may_publish,
    may_see_all_desk_records,
    may_withhold,
)
from stories.models import (
    CommentRequest,
    DeskCard,
    ErasureOrder,
    ImageBlock,
    Publication,
    Question,
    ReviewRequest,
    UpdateNote,
    Withholding,
)
from stories.models.publications import PublicationClass
from stories.queries.desk import SHOWN, Desk, Group, desk_of
from stories.queries.erasures import undecided_orders
from stories.queries.withheld import TO_DECIDE_WITHIN, is_overdue, undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that wants a hand: where the hand is needed, what it is about, and since when."""

    address: str
    words: str
    says: str
    more: str = ""


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
    desk = desk_of(user.pk, everything=everything, of_the_desk=may_answer_for_desk(user), at=at)
    parts = _parts(request, desk, everything=everything, at=at)
    return TemplateResponse(
        request,
        "admin/stories/index.html",
        {
            **admin.site.each_context(request),
            "title": _("The desk"),
            "subtitle": None,
            "app_list": admin.site.get_app_list(request),
            "parts": [part for part in parts if part.lines],
            "quiet": [part.nothing for part in parts if not part.lines],
            "may_start": user.has_perm("stories.add_article"),
            "at": at,
        },
    )


def _parts(request: HttpRequest, desk: Desk, *, everything: bool, at: datetime) -> list[Part]:
    writes, publishes = may_chase(request.user), may_publish(request.user)
    parts = [
        _part(
            "questions",
            _("Auditors ask"),
            _("no auditor asks anything"),
            desk.questions,
            lambda question: _asked(question, at),
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
            lambda card: _offered(card, at),
            _list("offered"),
        ),
        _part(
            "waiting",
            _("Edits waiting"),
            _("no edits wait"),
            desk.waiting,
            lambda card: _waiting(card, at, publishes=publishes),
            _list("waiting"),
        ),
        _part(
            "pending",
            _("Scheduled"),
            _("nothing is scheduled"),
            desk.cards.get(Group.PENDING, []),
            lambda card: _pending(card, at, publishes=publishes),
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
                lambda card: _edited(card, at),
                _list("mine"),
            ),
            _part(
                "drafts",
                _("My drafts"),
                _("you have no drafts"),
                desk.cards.get(Group.DRAFT, []),
                lambda card: _edited(card, at),
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
            lambda publication: _published(publication, at, publishes=publishes),
            _list("live"),
        )
    )
    return parts


def _request_parts(desk: Desk, at: datetime) -> list[Part]:
    def part(group: Group, title: str, nothing: str, query: str, **values: Any) -> Part:
        return _part(
            group.value,
            title,
            nothing,
            desk.requests.get(group, []),
            lambda each: _request(each, group, at),
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
        waiting = undecided(limit=SHOWN + 1)
        parts.append(
            _part(
                "withheld",
                _("Withheld, to be confirmed or lifted"),
                _("nothing withheld waits for a second person"),
                waiting,
                lambda row: _decision("withheld", row, at, due=row.recorded_at + TO_DECIDE_WITHIN),
                "",
                urgent=bool(waiting) and is_overdue(waiting[0], at=at),
            )
        )
    if may_erase(user):
        parts.append(
            _part(
                "to-erase",
                _("Ordered erased, to be approved or refused"),
                _("no order to erase waits for a second person"),
                undecided_orders(limit=SHOWN + 1),
                lambda row: _decision("erasure", row, at),
                "",
            )
        )
    return parts


def _decision(
    page: str, row: Withholding | ErasureOrder, at: datetime, *, due: datetime | None = None
) -> Line:
    says = _("by %(name)s, %(when)s") % {"name": row.user_name, "when": told(row.recorded_at, at)}
    if due is not None:
        late = _("overdue since %(when)s") if due <= at else _("to be decided by %(when)s")
        says = f"{says}; {late % {'when': told(due, at)}}"
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[row.article_id, row.pk]),
        words=row.article.headline,
        says=says,
        more=str(row.get_ground_display()),
    )


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
        lines=[line_of(row) for row in found[:SHOWN]],
        nothing=nothing,
        all_of_them=all_of_them if leads_on or len(found) > SHOWN else "",
        urgent=urgent,
    )


# ------------------------------------------------------------------------------------------ lines of the page


def _request(asked: Any, group: Group, at: datetime) -> Line:
    if group is Group.LONG_OPEN:
        says = _("asked %(when)s") % {"when": told(asked.requested_at, at)}
    else:
        says = _("due %(when)s") % {"when": told(asked.deadline, at)}
    return Line(
        address=reverse("admin:stories_article_desk", args=[asked.parent_id, asked.key]),
        words=asked.party,
        says=says,
        more=asked.parent.headline,
    )


def _asked(question: Question, at: datetime) -> Line:
    says = _("by %(name)s, %(when)s") % {"name": question.user_name, "when": told(question.recorded_at, at)}
    return Line(
        address=reverse("desk:question", args=[question.pk]),
        words=Truncator(question.reason).chars(160),
        says=says,
        more=question.article.headline if question.article else "",
    )


def _offered(card: DeskCard, at: datetime) -> Line:
    assert card.offered_at is not None
    return _line(
        "offer",
        card,
        _("by %(name)s, %(when)s") % {"name": card.offered_by, "when": told(card.offered_at, at)},
    )


def _waiting(card: DeskCard, at: datetime, *, publishes: bool) -> Line:
    assert card.waiting_since is not None
    count = card.newest - card.published
    says = ngettext(
        "since %(when)s (%(count)s edit, by %(name)s)",
        "since %(when)s (%(count)s edits, the last by %(name)s)",
        count,
    ) % {"when": told(card.waiting_since, at), "count": count, "name": card.edited_by}
    return _line("publish" if publishes else "change", card, says)


def _pending(card: DeskCard, at: datetime, *, publishes: bool) -> Line:
    assert card.last_live_from is not None
    says = _("goes live %(when)s") % {"when": told(card.last_live_from, at)}
    return _line("cancel" if publishes else "change", card, says)


def _edited(card: DeskCard, at: datetime) -> Line:
    says = _("edited %(when)s") % {"when": told(card.edited_at, at)} if card.edited_at else ""
    return _line("change", card, says)


def _line(page: str, card: DeskCard, says: str) -> Line:
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[card.article_id]),
        words=card.article.headline,
        says=says,
    )


def _published(publication: Publication, at: datetime, *, publishes: bool) -> Line:
    if publishes:
        address = reverse("admin:stories_article_published", args=[publication.article_id, publication.pk])
    else:
        address = reverse("admin:stories_article_history", args=[publication.article_id])
    says = _("%(kind)s, by %(name)s, %(when)s") % {
        "kind": PublicationClass(publication.publication_class).label,
        "name": publication.user_name,
        "when": told(publication.live_from, at),
    }
    return Line(address=address, words=publication.card.headline, says=says)


def _given_back(desk: Desk, at: datetime) -> Part:
    def line(returned: ReviewRequest) -> Line:
        return Line(
            address=reverse("admin:stories_article_change", args=[returned.article_id]),
            words=returned.article.headline,
            says=_("by %(name)s, %(when)s")
            % {"name": returned.user_name, "when": told(returned.recorded_at, at)},
            more=returned.reason,
        )

    return _part(
        "returned",
        _("Given back to you"),
        _("nothing is given back to you"),
        desk.returned,
        line,
        _list("my-drafts"),
    )


def _lacking(desk: Desk, at: datetime, *, publishes: bool, everything: bool) -> Part:
    """What of notes and imports lacks something, the most of each kind that the page has room for."""

    def owed(card: DeskCard) -> Line:
        assert card.developing_until is not None
        says = _("developing mode ended %(when)s; readers are owed its summary")
        page = "developing" if publishes else "change"
        return _line(page, card, says % {"when": told(card.developing_until, at)})

    def correction(note: UpdateNote) -> Line:
        lacks = _("what was wrong") if not note.was else _("what is right")
        if not note.was and not note.now:
            lacks = _("what was wrong and what is right")
        return _of_story(note, _("a correction does not say %(what)s") % {"what": lacks}, str(note))

    def picture(image: ImageBlock) -> Line:
        if image.picture_id is None:
            return _of_story(image, _("a picture has no file"), image.address)
        return _of_story(image, _("a picture has no alt text"), image.caption)

    lines = [owed(card) for card in desk.cards.get(Group.OWED, [])[:SHOWN]]
    lines += [correction(note) for note in desk.corrections[: SHOWN // 2]]
    lines += [picture(image) for image in desk.pictures[: SHOWN // 2]]
    return Part(
        name="lacking",
        title=_("Something is lacking"),
        lines=lines,
        nothing=_("no note or picture lacks anything") if everything else _("no summary is owed"),
        all_of_them=_list("lacking")
        if everything and len(desk.corrections) + len(desk.pictures) > SHOWN
        else "",
    )


def _of_story(part: UpdateNote | ImageBlock | CommentRequest, says: str, more: str) -> Line:
    address = reverse("admin:stories_article_change", args=[part.parent_id])
    return Line(address=address, words=part.parent.headline, says=says, more=more)


def _list(standing: str) -> str:
    return f"{reverse('admin:stories_article_changelist')}?standing={standing}"


# ------------------------------------------------------------------------------------------------------ times


def told(moment: datetime, at: datetime) -> str:
    """A time as it is said on the day: "today 14:02 UTC", "yesterday 9:00 UTC", else with its date."""
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate(at)).days
    clock = f"{date_format(local, 'TIME_FORMAT')} {local:%Z}"
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == -1:
        return _("yesterday %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return _("%(date)s, %(time)s") % {
        "date": date_format(local, "SHORT_DATE_FORMAT" if abs(days) > 300 else "MONTH_DAY_FORMAT"),
        "time": clock,
    }

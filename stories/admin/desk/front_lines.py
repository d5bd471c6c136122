"""The lines of the desk's front page: one for each thing that needs somebody's attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _, ngettext

from stories.domain.text.captions import plain_caption as caption_words
from stories.models import (
    Article,
    CommentRequest,
    ErasureOrder,
    ImageBlock,
    Publication,
    Question,
    ReviewRequest,
    StoryStatus,
    UpdateNote,
    Withholding,
)
from stories.models.publications import PublicationClass
from stories.queries.desk.front_page import DeskGroup
from stories.time_labels import clock_label, time_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line: the address to act at, what it is about, and a detail such as since when.

    `open_with` names who has its story open.
    """

    address: str
    label: str
    detail: str
    extra: str = ""
    article_id: int | None = None
    open_with: str = ""


class ListedRequest(Protocol):
    """A pending request as the front page finds it: with the deadline of its desk record."""

    key: UUID
    party: str
    parent_id: int
    parent: Article
    requested_at: datetime
    deadline: datetime


def comment_request(request: ListedRequest, group: DeskGroup, at: datetime) -> Line:
    """Return the line of a request that is overdue, due today or long open."""
    if group is DeskGroup.LONG_OPEN:
        detail = _("asked %(when)s") % {"when": relative_time(request.requested_at, at)}
    else:
        detail = _("due %(when)s") % {"when": relative_time(request.deadline, at)}
    return Line(
        address=reverse("admin:stories_article_desk", args=[request.parent_id, request.key]),
        label=request.party,
        detail=detail,
        extra=request.parent.headline,
    )


def question(request: Question, at: datetime) -> Line:
    """Return the line of an auditor's question to the user."""
    detail = _("by %(name)s, %(when)s") % {
        "name": request.user_name,
        "when": relative_time(request.recorded_at, at),
    }
    return Line(
        address=reverse("desk:question", args=[request.pk]),
        label=Truncator(request.reason).chars(160),
        detail=detail,
        extra=request.article.headline if request.article else "",
    )


def offered(status: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    """Return the line of a story that is offered for review."""
    assert status.offered_at is not None
    return _line(
        "offer" if publishes else "change",
        status,
        _("by %(name)s, %(when)s")
        % {"name": status.offered_by, "when": relative_time(status.offered_at, at)},
    )


def waiting(status: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    """Return the line of a live story with unpublished edits."""
    assert status.waiting_since is not None
    count = status.newest - status.published
    detail = ngettext(
        "since %(when)s (%(count)s edit, by %(name)s)",
        "since %(when)s (%(count)s edits, the last by %(name)s)",
        count,
    ) % {"when": relative_time(status.waiting_since, at), "count": count, "name": status.edited_by}
    return _line("publish" if publishes else "change", status, detail)


def pending(status: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    """Return the line of a scheduled publication."""
    assert status.last_live_from is not None
    detail = _("goes live %(when)s") % {"when": relative_time(status.last_live_from, at)}
    return _line("cancel" if publishes else "change", status, detail)


def edited(status: StoryStatus, at: datetime) -> Line:
    """Return the line of a story that the user has or has begun."""
    detail = _("edited %(when)s") % {"when": relative_time(status.edited_at, at)} if status.edited_at else ""
    return _line("change", status, detail)


def _line(page: str, status: StoryStatus, detail: str) -> Line:
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[status.article_id]),
        label=status.article.headline,
        detail=detail,
        article_id=status.article_id,
    )


def published(publication: Publication, at: datetime, *, publishes: bool) -> Line:
    """Return the line of a publication."""
    if publishes:
        address = reverse("admin:stories_article_published", args=[publication.article_id, publication.pk])
    else:
        address = reverse("admin:stories_article_history", args=[publication.article_id])
    detail = _("%(kind)s, by %(name)s, %(when)s") % {
        "kind": PublicationClass(publication.publication_class).label,
        "name": publication.user_name,
        "when": relative_time(publication.live_from, at),
    }
    return Line(
        address=address, label=publication.card.headline, detail=detail, article_id=publication.article_id
    )


def summary_owed(status: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    """Return the line of a story whose developing mode ended without a summary."""
    assert status.developing_until is not None
    detail = _("developing mode ended %(when)s; the story needs a closing summary")
    page = "developing" if publishes else "change"
    return _line(page, status, detail % {"when": relative_time(status.developing_until, at)})


def correction(note: UpdateNote) -> Line:
    """Return the line of a correction that lacks what was wrong or what is right."""
    lacks = _("what was wrong") if not note.was else _("what is right")
    if not note.was and not note.now:
        lacks = _("what was wrong and what is right")
    return _part_line(note, _("a correction does not say %(what)s") % {"what": lacks}, str(note))


def picture(image: ImageBlock) -> Line:
    """Return the line of a picture without a file or an alternative text."""
    if image.picture_id is None:
        return _part_line(image, _("a picture has no file"), image.address)
    return _part_line(image, _("a picture has no alt text"), caption_words(image.caption))


def returned(offer: ReviewRequest, at: datetime) -> Line:
    """Return the line of an offer that was given back."""
    return Line(
        address=reverse("admin:stories_article_change", args=[offer.article_id]),
        label=offer.article.headline,
        detail=_("by %(name)s, %(when)s")
        % {"name": offer.user_name, "when": relative_time(offer.recorded_at, at)},
        extra=offer.reason,
        article_id=offer.article_id,
    )


def decision(
    page: str, row: Withholding | ErasureOrder, at: datetime, *, due: datetime | None = None
) -> Line:
    """Return the line of a withholding or an erasure order that waits for a second person."""
    detail = _("by %(name)s, %(when)s") % {"name": row.user_name, "when": relative_time(row.recorded_at, at)}
    if due is not None:
        late = _("overdue since %(when)s") if due <= at else _("to be decided by %(when)s")
        detail = f"{detail}; {late % {'when': relative_time(due, at)}}"
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[row.article_id, row.pk]),
        label=row.article.headline,
        detail=detail,
        extra=str(row.get_ground_display()),
    )


def _part_line(part: UpdateNote | ImageBlock | CommentRequest, detail: str, extra: str) -> Line:
    address = reverse("admin:stories_article_change", args=[part.parent_id])
    return Line(
        address=address, label=part.parent.headline, detail=detail, extra=extra, article_id=part.parent_id
    )


def relative_time(moment: datetime, at: datetime) -> str:
    """Return a time relative to today: "today 14:02", "yesterday 09:00", else with its date."""
    days = (timezone.localdate(moment) - timezone.localdate(at)).days
    clock = clock_label(moment)
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == -1:
        return _("yesterday %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return time_label(moment)

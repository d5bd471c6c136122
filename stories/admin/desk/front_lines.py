"""The lines of the desk's front page: how each thing that wants a hand is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _, ngettext

from stories.domain.text.captions import words_of as caption_words
from stories.models import (
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
from stories.queries.desk.front_page import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that wants a hand: where the hand is needed, what it is about, and since when."""

    address: str
    words: str
    says: str
    more: str = ""


def comment_request(asked: Any, group: Group, at: datetime) -> Line:
    if group is Group.LONG_OPEN:
        says = _("asked %(when)s") % {"when": relative_time(asked.requested_at, at)}
    else:
        says = _("due %(when)s") % {"when": relative_time(asked.deadline, at)}
    return Line(
        address=reverse("admin:stories_article_desk", args=[asked.parent_id, asked.key]),
        words=asked.party,
        says=says,
        more=asked.parent.headline,
    )


def question(asked: Question, at: datetime) -> Line:
    says = _("by %(name)s, %(when)s") % {
        "name": asked.user_name,
        "when": relative_time(asked.recorded_at, at),
    }
    return Line(
        address=reverse("desk:question", args=[asked.pk]),
        words=Truncator(asked.reason).chars(160),
        says=says,
        more=asked.article.headline if asked.article else "",
    )


def offered(card: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    assert card.offered_at is not None
    return _line(
        "offer" if publishes else "change",
        card,
        _("by %(name)s, %(when)s") % {"name": card.offered_by, "when": relative_time(card.offered_at, at)},
    )


def waiting(card: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    assert card.waiting_since is not None
    count = card.newest - card.published
    says = ngettext(
        "since %(when)s (%(count)s edit, by %(name)s)",
        "since %(when)s (%(count)s edits, the last by %(name)s)",
        count,
    ) % {"when": relative_time(card.waiting_since, at), "count": count, "name": card.edited_by}
    return _line("publish" if publishes else "change", card, says)


def pending(card: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    assert card.last_live_from is not None
    says = _("goes live %(when)s") % {"when": relative_time(card.last_live_from, at)}
    return _line("cancel" if publishes else "change", card, says)


def edited(card: StoryStatus, at: datetime) -> Line:
    says = _("edited %(when)s") % {"when": relative_time(card.edited_at, at)} if card.edited_at else ""
    return _line("change", card, says)


def _line(page: str, card: StoryStatus, says: str) -> Line:
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[card.article_id]),
        words=card.article.headline,
        says=says,
    )


def published(publication: Publication, at: datetime, *, publishes: bool) -> Line:
    if publishes:
        address = reverse("admin:stories_article_published", args=[publication.article_id, publication.pk])
    else:
        address = reverse("admin:stories_article_history", args=[publication.article_id])
    says = _("%(kind)s, by %(name)s, %(when)s") % {
        "kind": PublicationClass(publication.publication_class).label,
        "name": publication.user_name,
        "when": relative_time(publication.live_from, at),
    }
    return Line(address=address, words=publication.card.headline, says=says)


def summary_owed(card: StoryStatus, at: datetime, *, publishes: bool) -> Line:
    assert card.developing_until is not None
    says = _("developing mode ended %(when)s; readers are owed its summary")
    page = "developing" if publishes else "change"
    return _line(page, card, says % {"when": relative_time(card.developing_until, at)})


def correction(note: UpdateNote) -> Line:
    lacks = _("what was wrong") if not note.was else _("what is right")
    if not note.was and not note.now:
        lacks = _("what was wrong and what is right")
    return _part_line(note, _("a correction does not say %(what)s") % {"what": lacks}, str(note))


def picture(image: ImageBlock) -> Line:
    if image.picture_id is None:
        return _part_line(image, _("a picture has no file"), image.address)
    return _part_line(image, _("a picture has no alt text"), caption_words(image.caption))


def returned(offer: ReviewRequest, at: datetime) -> Line:
    return Line(
        address=reverse("admin:stories_article_change", args=[offer.article_id]),
        words=offer.article.headline,
        says=_("by %(name)s, %(when)s")
        % {"name": offer.user_name, "when": relative_time(offer.recorded_at, at)},
        more=offer.reason,
    )


def decision(
    page: str, row: Withholding | ErasureOrder, at: datetime, *, due: datetime | None = None
) -> Line:
    says = _("by %(name)s, %(when)s") % {"name": row.user_name, "when": relative_time(row.recorded_at, at)}
    if due is not None:
        late = _("overdue since %(when)s") if due <= at else _("to be decided by %(when)s")
        says = f"{says}; {late % {'when': relative_time(due, at)}}"
    return Line(
        address=reverse(f"admin:stories_article_{page}", args=[row.article_id, row.pk]),
        words=row.article.headline,
        says=says,
        more=str(row.get_ground_display()),
    )


def _part_line(part: UpdateNote | ImageBlock | CommentRequest, says: str, more: str) -> Line:
    address = reverse("admin:stories_article_change", args=[part.parent_id])
    return Line(address=address, words=part.parent.headline, says=says, more=more)


def relative_time(moment: datetime, at: datetime) -> str:
    """Return a time relative to today: "today 14:02 UTC", "yesterday 9:00 UTC", else with its date.

    In other years than the day's own the date has its year.
    """
    local = timezone.localtime(moment)
    today = timezone.localdate(at)
    days = (local.date() - today).days
    clock = f"{date_format(local, 'TIME_FORMAT')} {local:%Z}"
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == -1:
        return _("yesterday %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return _("%(date)s, %(time)s") % {
        "date": date_format(local, "MONTH_DAY_FORMAT" if local.year == today.year else "DATE_FORMAT"),
        "time": clock,
    }

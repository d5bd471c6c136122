"""Compose the sentences about the parties that were asked for comment from the requests.

There is one sentence for each state. In it, parties that were asked on one day in one way (or that declined on one
day) are named together, the earliest first. A day always has its year: the line depends on the story alone, not on the
present, and is read for as long as the story is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext

from stories.domain.comment_desk.comment_requests import is_mentioned
from stories.domain.snapshot import CommentRequest, RequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGroup:
    """Parties with the same day and way of asking (None and "" if unknown)."""

    day: date | None
    how: str
    parties: list[str]

    @property
    def names(self) -> str:
        return get_text_list(self.parties, _("and"))


def comment_line(requests: Iterable[CommentRequest]) -> str:
    """Return what readers read about the requests, as one line of plain text; "" if there is nothing to say.

    Parties in the same state share a sentence, at the place of the first of them. A request's own `sentence` replaces
    the composed one, as long as its state has one.
    """
    sentences: list[str | RequestStatus] = []
    composed: dict[RequestStatus, list[CommentRequest]] = {}
    for request in requests:
        if not is_mentioned(request):
            continue
        if request.sentence:
            sentences.append(request.sentence)
            continue
        if request.status not in composed:
            sentences.append(request.status)
        composed.setdefault(request.status, []).append(request)
    return " ".join(
        _begun(_SENTENCES[sentence](_groups(composed[sentence])))
        if isinstance(sentence, RequestStatus)
        else sentence
        for sentence in sentences
    )


def _day(request: CommentRequest) -> date | None:
    """Return the day that a request's sentence names, in the newsroom's zone."""
    declined = request.status is RequestStatus.DECLINED
    moment: datetime | None = request.responded_at if declined else request.requested_at
    return localdate(moment) if moment is not None else None


def _groups(requests: list[CommentRequest]) -> list[RequestGroup]:
    """Group requests; the least known come first, so that what is said of others does not seem to be said of them."""
    found: dict[tuple[date | None, str], list[str]] = {}
    for request in requests:
        how = "" if request.status is RequestStatus.DECLINED else request.asked_how
        found.setdefault((_day(request), how), []).append(request.party)
    groups = [RequestGroup(day=day, how=how, parties=parties) for (day, how), parties in found.items()]
    return sorted(groups, key=lambda group: (group.day or date.min, bool(group.how)))


def _pending(groups: list[RequestGroup]) -> str:
    asked: list[str] = []
    for group in groups:
        words = {"parties": group.names, "way": _asked_how(group)}
        if asked:
            pattern = _("to %(parties)s %(way)s") if words["way"] else _("to %(parties)s")
        else:
            pattern = _("%(parties)s for comment %(way)s") if words["way"] else _("%(parties)s for comment")
        asked.append(pattern % words)
    # “We’ve reached out on March 2” is not English; and a comma follows a year.
    if any(group.day for group in groups):
        pattern = _("We reached out to %(asked)s, and will update if we hear back.")
    elif len(groups) == 1:
        pattern = _("We’ve reached out to %(asked)s and will update if we hear back.")
    else:
        pattern = _("We’ve reached out to %(asked)s, and will update if we hear back.")
    return pattern % {"asked": get_text_list(asked, _("and"))}


def _no_response(groups: list[RequestGroup]) -> str:
    clauses: list[str] = []
    for group in groups:
        count, words = len(group.parties), {"parties": group.names, "way": _asked_how(group)}
        if clauses:
            pattern = ngettext(
                "%(parties)s did not respond to one made %(way)s",
                "%(parties)s did not respond to those made %(way)s",
                count,
            )
        elif words["way"]:
            pattern = ngettext(
                "%(parties)s did not respond to a request for comment made %(way)s",
                "%(parties)s did not respond to requests for comment made %(way)s",
                count,
            )
        else:
            pattern = ngettext(
                "%(parties)s did not respond to a request for comment",
                "%(parties)s did not respond to requests for comment",
                count,
            )
        clauses.append(pattern % words)
    return _ended(clauses)


def _declined(groups: list[RequestGroup]) -> str:
    clauses: list[str] = []
    for group in groups:
        # English has the same wording for one and for several; other languages do not.
        count = len(group.parties)
        words = {"parties": group.names, "day": _format_day(group.day) if group.day else ""}
        if clauses:
            pattern = ngettext("on %(day)s, %(parties)s declined", "on %(day)s, %(parties)s declined", count)
        elif group.day:
            # Never “declined to comment on March 2”: that reads as if the day were what they would not discuss.
            pattern = ngettext(
                "on %(day)s, %(parties)s declined to comment",
                "on %(day)s, %(parties)s declined to comment",
                count,
            )
        else:
            pattern = ngettext("%(parties)s declined to comment", "%(parties)s declined to comment", count)
        clauses.append(pattern % words)
    return _ended(clauses)


_SENTENCES: dict[RequestStatus, Callable[[list[RequestGroup]], str]] = {
    RequestStatus.PENDING: _pending,
    RequestStatus.NO_RESPONSE: _no_response,
    RequestStatus.DECLINED: _declined,
}


def _asked_how(group: RequestGroup) -> str:
    """Return how and when they were asked, as far as is known: “by e-mail on March 2, 2026”."""
    on_day = _("on %(day)s") % {"day": _format_day(group.day)} if group.day else ""
    return " ".join(words for words in (group.how, on_day) if words)


def _format_day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _ended(clauses: list[str]) -> str:
    """Join clauses into one sentence."""
    *others, last = clauses
    if not others:
        return _("%(clause)s.") % {"clause": last}
    return _("%(clauses)s, and %(last)s.") % {"clauses": ", ".join(others), "last": last}


def _begun(sentence: str) -> str:
    """Capitalise a sentence; a name such as eBay remains as it is."""
    return capfirst(sentence) if sentence.split(maxsplit=1)[0].islower() else sentence

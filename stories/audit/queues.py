"""The queues: what an auditor should look at, each with its reason, and whether it is signed off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.audit.pages import number_param, page
from stories.models import Publication, PublishedNote, SecondPersonCheck, Withdrawal
from stories.models.record.ledger import UNANNOUNCED
from stories.queries.audit.anonymous_sources import AnonymousQuote, anonymous
from stories.queries.audit.comment_requests import DroppedRequest, UntriedRequests, dropped, untried
from stories.queries.audit.corrections import CorrectedVersion, corrections
from stories.queries.audit.own_author import own_author
from stories.queries.audit.queues import QueuePage
from stories.queries.audit.second_person import second_person
from stories.queries.audit.typos import typos
from stories.queries.audit.unannounced import unannounced
from stories.queries.audit.withholdings import WithholdingInForce, withdrawn, withheld
from stories.queries.ledger.lines import LedgerLine, lines_of
from stories.time_labels import time_label

# Returns a page of a queue at a time, from a cursor on, optionally without what is signed off.
Finder = Callable[[datetime, int | None, bool], QueuePage]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue: its texts, how its entries are found, and the remarks that it makes on each."""

    title: Any
    description: Any
    empty_text: Any
    find: Finder
    remarks_on: Callable[[Any], list[str]]


@dataclass(frozen=True, kw_only=True)
class QueueLine:
    """A line of a queue: the entry, and the queue's remarks on it."""

    line: LedgerLine
    remarks: list[str]
    urgent: bool


def queue_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a page of a queue. At most fourteen queries, however long the queue."""
    queue = QUEUES.get(name)
    if queue is None:
        raise Http404(_("There is no queue “%(name)s”.") % {"name": name})
    unsigned = request.GET.get("unsigned") == "1"
    found = queue.find(timezone.now(), number_param(request, "from"), unsigned)
    lines = {line.entry.sequence: line for line in lines_of([each.sequence for each in found.lines])}
    return page(
        request,
        "queue.html",
        str(queue.title),
        name=name,
        queue=queue,
        queues=[(each, other.title) for each, other in QUEUES.items()],
        lines=[
            QueueLine(
                line=lines[each.sequence],
                remarks=queue.remarks_on(each.facts),
                urgent=isinstance(each.facts, WithholdingInForce) and each.facts.is_overdue,
            )
            for each in found.lines
        ],
        found=found,
        unsigned=unsigned,
        is_first_page="from" not in request.GET,
        first_page=queue_address(name, unsigned=unsigned),
        next_page=queue_address(name, unsigned=unsigned, start=found.following),
        other=queue_address(name, unsigned=not unsigned),
    )


def queue_address(name: str, *, unsigned: bool = False, start: int | None = None) -> str:
    """Return the address of a queue, filtered and from a cursor on."""
    query = ["unsigned=1"] * unsigned + ([f"from={start}"] if start is not None else [])
    return reverse("audit:queue", args=[name]) + (f"?{'&'.join(query)}" if query else "")


# ------------------------------------------------------------------------------------- the queues' remarks


_WEIGHTS: Final = {
    "substantive": gettext_lazy("a change of substance"),
    "wording": gettext_lazy("a change of wording"),
    "typography": gettext_lazy("a change of typography"),
    "none": gettext_lazy("no change that readers see"),
}


def _unannounced(publication: Publication) -> list[str]:
    remarks = []
    if publication.card.significance in _WEIGHTS:
        remarks.append(str(_WEIGHTS[publication.card.significance]))
    if publication.publication_class == "override":
        remarks.append(_("overridden by %(name)s") % {"name": publication.user_name})
    if publication.source:
        remarks.append(_("checked against: %(source)s") % {"source": publication.source})
    if publication.publication_class not in UNANNOUNCED:
        remarks.append(
            _("added by an import on %(recorded)s, as the version of %(live)s")
            % {
                "recorded": time_label(publication.recorded_at),
                "live": time_label(publication.live_from),
            }
        )
    return remarks


def _called_typo(note: PublishedNote) -> list[str]:
    return [
        _("the note: %(text)s") % {"text": note.text},
        _("measured as %(weight)s") % {"weight": _WEIGHTS[note.publication.card.significance]},
    ]


def _second_person(check: SecondPersonCheck) -> list[str]:
    return [
        _("refused") if check.refused else _("NOT REFUSED: the accounts were tied longer ago"),
        check.reason,
    ]


def _corrected(correction: CorrectedVersion) -> list[str]:
    note = correction.note
    remarks = [_("the note: %(text)s") % {"text": note.text}]
    if correction.to_note is None:
        remarks.append(
            _(
                "How long readers read the error can’t be told: what the note calls wrong stands so in no version."
            )
            if note.was
            else _("How long readers read the error can’t be told: the note does not say what was wrong.")
        )
        return remarks
    remarks.append(_("the note came after %(time)s") % {"time": _hours(correction.to_note)})
    if correction.to_fix is None:
        remarks.append(
            _("when the words were put right can’t be told: they still stand in the version with the note")
        )
    else:
        remarks.append(_("the words were put right after %(time)s") % {"time": _hours(correction.to_fix)})
    source = (
        _("counted from the first version with “%(words)s”, which the note calls wrong")
        if correction.from_note
        else _("counted from the first version with “%(words)s”, which the version with the note took out")
    )
    remarks.append(source % {"words": correction.words})
    return remarks


def _hours(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    if hours < 1:
        minutes = round(hours * 60)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _("%(count)s hours") % {"count": number_format(hours, 1)}


def _own(publication: Publication) -> list[str]:
    return [_("every revision of the story up to it is by %(name)s") % {"name": publication.user_name}]


def _untried(found: UntriedRequests) -> list[str]:
    parties = get_text_list(found.parties, _("and"))
    return [_("no attempt was logged by then to reach %(parties)s") % {"parties": parties}]


def _dropped(found: DroppedRequest) -> list[str]:
    description = (
        _("%(party)s is said not to have responded, and no attempt was logged")
        if found.silent
        else _("the request to %(party)s left the story while it was pending")
    )
    return [description % {"party": found.party}]


def _standing(found: WithholdingInForce) -> list[str]:
    withholding = found.withholding
    remarks = [_("category: %(ground)s") % {"ground": withholding.get_ground_display()}]
    if found.is_confirmed:
        remarks.append(_("confirmed by a second person"))
    elif found.is_overdue:
        remarks.append(_("OVERDUE: nobody has confirmed it for more than 24 hours"))
    else:
        remarks.append(_("waits for a second person"))
    return remarks


def _withdrawn(withdrawal: Withdrawal) -> list[str]:
    return [_("readers are told: %(notice)s") % {"notice": withdrawal.notice}]


def _unnamed(found: AnonymousQuote) -> list[str]:
    return [
        _("%(who)s is quoted; the reason given is “%(reason)s”")
        % {"who": found.quote.description, "reason": found.quote.anonymity_reason}
    ]


QUEUES: Final[dict[str, Queue]] = {
    "unannounced": Queue(
        title=gettext_lazy("Unannounced changes"),
        description=gettext_lazy(
            "What went live without a note: the weightiest class first, of each the largest changes. Of imports those "
            "alone that added a version to a story that was here already."
        ),
        empty_text=gettext_lazy("Nothing went live without a note."),
        find=lambda at, start, unsigned: unannounced(at=at, after=start, unsigned=unsigned),
        remarks_on=_unannounced,
    ),
    "typos": Queue(
        title=gettext_lazy("Called a typo"),
        description=gettext_lazy(
            "Versions of which readers were told that a typo was fixed, and which are measured as more than that: "
            "words in quotation marks, older versions and imports among them."
        ),
        empty_text=gettext_lazy("Whatever was called a typo was one."),
        find=lambda at, start, unsigned: typos(at=at, before=start, unsigned=unsigned),
        remarks_on=_called_typo,
    ),
    "corrections": Queue(
        title=gettext_lazy("Corrections"),
        description=gettext_lazy(
            "How long it took from the version with the error to the fix, and to the note."
        ),
        empty_text=gettext_lazy("Nothing was corrected."),
        find=lambda at, start, unsigned: corrections(at=at, before=start, unsigned=unsigned),
        remarks_on=_corrected,
    ),
    "own-author": Queue(
        title=gettext_lazy("Published by its own author alone"),
        description=gettext_lazy("Versions that nobody but who published them ever worked on."),
        empty_text=gettext_lazy("Everything that was published was seen by a second person."),
        find=lambda at, start, unsigned: own_author(at=at, before=start, unsigned=unsigned),
        remarks_on=_own,
    ),
    "comment": Queue(
        title=gettext_lazy("Comment never tried"),
        description=gettext_lazy(
            "Stories first published with requests for comment of which no attempt had been logged by then."
        ),
        empty_text=gettext_lazy("Of every request an attempt was logged before its story went live."),
        find=lambda at, start, unsigned: untried(at=at, before=start, unsigned=unsigned),
        remarks_on=_untried,
    ),
    "comment-closed": Queue(
        title=gettext_lazy("Comment without outcome"),
        description=gettext_lazy(
            "Requests that left their story while they were pending, or are said not to be answered though no attempt "
            "was ever logged."
        ),
        empty_text=gettext_lazy("No request was closed without an outcome."),
        find=lambda at, start, unsigned: dropped(before=start, unsigned=unsigned),
        remarks_on=_dropped,
    ),
    "withheld": Queue(
        title=gettext_lazy("Withheld"),
        description=gettext_lazy(
            "What the public may not see for now. A second person confirms or lifts it within 24 hours; what is "
            "overdue stands first."
        ),
        empty_text=gettext_lazy("Nothing is withheld."),
        find=lambda at, start, unsigned: withheld(at=at, after=start, unsigned=unsigned),
        remarks_on=_standing,
    ),
    "withdrawn": Queue(
        title=gettext_lazy("Withdrawn"),
        description=gettext_lazy("Stories that are taken down."),
        empty_text=gettext_lazy("No story is withdrawn."),
        find=lambda at, start, unsigned: withdrawn(before=start, unsigned=unsigned),
        remarks_on=_withdrawn,
    ),
    "second-person": Queue(
        title=gettext_lazy("A second person who may be the first"),
        description=gettext_lazy(
            "Decisions on an erasure, a withholding or a dossier by an account that is tied to that of whoever asked: "
            "the one made or changed the other, or their mail goes to one address."
        ),
        empty_text=gettext_lazy("Every decision that wants a second person was another’s."),
        find=lambda at, start, unsigned: second_person(before=start, unsigned=unsigned),
        remarks_on=_second_person,
    ),
    "anonymous": Queue(
        title=gettext_lazy("Anonymous sources"),
        description=gettext_lazy(
            "Quotes of people who are not named, where the reason given has less than three words, as they stand in "
            "the working copies of published stories. Anonymous words inside running text are not found."
        ),
        empty_text=gettext_lazy("Every anonymous quote has a reason of three words or more."),
        find=lambda at, start, unsigned: anonymous(before=start, unsigned=unsigned),
        remarks_on=_unnamed,
    ),
}

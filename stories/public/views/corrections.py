"""What readers were told of changes, all over the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from stories.domain.snapshot import NoteKind
from stories.public.http.consistency import consistent
from stories.public.http.cursors import cursor, read_cursor
from stories.public.http.missing import missing
from stories.public.http.responses import address_of, respond
from stories.queries.site.corrections import DEVELOPING, Place, ToldLine, months_of_notes, told_lines
from stories.rendering.story.notes import NOTE_LABELS

LISTED_LINES: Final = 50

# In the order in which the form offers them.
KINDS: Final[dict[str, str | Promise]] = {
    NoteKind.CORRECTION: _("Corrections"),
    NoteKind.CLARIFICATION: _("Clarifications"),
    NoteKind.RETRACTION: _("Retractions"),
    NoteKind.EDITORS_NOTE: _("Editor’s notes"),
    NoteKind.UPDATE: _("Updates"),
    NoteKind.COMMENT_ADDED: _("Comments added"),
    NoteKind.TYPO: _("Typos fixed"),
    DEVELOPING: _("Lines of developing stories"),
}
# What says little by itself is shown to who asks for it.
QUIET: Final = frozenset({NoteKind.TYPO, DEVELOPING})
_MONTH: Final = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line with what its kind is called, where its story is, and where its change is to be seen."""

    line: ToldLine
    label: str | Promise
    address: str
    changes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFilters:
    """What a reader asks for; what is left empty stands for all but the quiet kinds."""

    kinds: Sequence[str]
    section: str
    month: date | None
    before: Place | None

    @property
    def query(self) -> list[tuple[str, str]]:
        asked = [("kind", kind) for kind in self.kinds]
        asked += [("section", self.section)] * bool(self.section)
        asked += [("month", f"{self.month:%Y-%m}")] if self.month else []
        return asked

    @property
    def shown(self) -> list[str]:
        return list(self.kinds) or [kind for kind in KINDS if kind not in QUIET]


@require_safe
@consistent
def corrections(request: HttpRequest) -> HttpResponse:
    """List the site's notes, newest first, filtered by kind, section and month. Four queries."""
    at = timezone.now()
    wanted = _read_filters(request)
    if wanted is None:
        return missing(request, at=at)
    since, until = _month_bounds(wanted.month) if wanted.month else (None, None)
    lines = told_lines(
        at=at,
        limit=LISTED_LINES + 1,
        kinds=wanted.shown,
        section=wanted.section,
        since=since,
        until=until,
        before=wanted.before,
    )
    here = reverse("public:corrections")
    shown, older = lines[:LISTED_LINES], ""
    if len(lines) > LISTED_LINES:
        last = shown[-1].place
        key = ("before", cursor(last.live_from, last.rank, last.id))
        older = f"{here}?{urlencode([*wanted.query, key])}"
    context = {
        "entries": [_entry(line) for line in shown],
        "kinds": [(str(kind), label, kind in wanted.shown) for kind, label in KINDS.items()],
        "months": months_of_notes(at=at),
        "wanted": wanted,
        "filtered": bool(wanted.query),
        "older": older,
        "newest": f"{here}?{urlencode(wanted.query)}".rstrip("?") if wanted.before else "",
        "canonical": here,
    }
    return respond(request, "stories/public/corrections.html", context, at=at)


def _read_filters(request: HttpRequest) -> NoteFilters | None:
    """Return the filters, None if they are none that the page offers."""
    asked = request.GET
    # The boxes of the form, and links: what several controls share is written with brackets.
    kinds = list(dict.fromkeys([*asked.getlist("kind"), *asked.getlist("kind[]")]))
    month, before = asked.get("month", ""), asked.get("before", "")
    match, found = _MONTH.fullmatch(month), read_cursor(before, numbers=2)
    if not set(kinds) <= set(KINDS) or (month and not match) or (before and not found):
        return None
    return NoteFilters(
        kinds=kinds,
        section=asked.get("section", "")[:100].replace("\x00", ""),
        month=date(int(match[1]), int(match[2]), 1) if match else None,
        before=Place(live_from=found[0], rank=found[1][0], id=found[1][1]) if found else None,
    )


def _month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return when a month begins and ends in the newsroom's time zone."""
    zone = timezone.get_current_timezone()
    following = (month.year, month.month + 1) if month.month < 12 else (month.year + 1, 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def _entry(line: ToldLine) -> Entry:
    slug, number = line.story.slug, line.number
    changes = ""
    if number > 1:
        place = f"note-{line.key}" if line.key else "change-1"
        changes = f"{reverse('public:compare', args=[slug, number - 1, number])}#{place}"
    return Entry(
        line=line,
        label=_("Developing") if line.kind == DEVELOPING else NOTE_LABELS[NoteKind(line.kind)],
        address=address_of(line.story),
        changes=changes,
    )

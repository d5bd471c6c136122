"""The notes on all changes, site-wide."""

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

from stories.domain.snapshot import WEIGHTY_NOTES, NoteKind
from stories.note_labels import NOTE_KIND_LABELS
from stories.public.http.cached_lists import cached_list
from stories.public.http.cursors import cursor, read_cursor
from stories.public.http.missing import missing
from stories.public.http.responses import address_of, respond
from stories.queries.site.corrections import DEVELOPING, LinePosition, NoteLine, months_of_notes, note_lines
from stories.rendering.story.notes import NOTE_LABELS

LISTED_LINES: Final = 50

# The first in the form; it offers the others behind them, and quiet ones last.
_FIRST: Final = (*(kind for kind in NOTE_KIND_LABELS if kind.weighty), NoteKind.EDITORS_NOTE)
# A kind without names is left to the system checks, which name the file that lacks them.
_OFFERED: Final = sorted(dict.fromkeys([*_FIRST, *NOTE_KIND_LABELS]), key=lambda kind: kind.quiet)
# In the order in which the form offers them.
KINDS: Final[dict[str, str | Promise]] = {
    **{kind: NOTE_KIND_LABELS[kind].plural for kind in _OFFERED},
    DEVELOPING: _("Lines of developing stories"),
}
# Kinds that say little by themselves, listed on request.
QUIET: Final = frozenset({*(kind for kind in NoteKind if kind.quiet), DEVELOPING})
_MONTH: Final = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line with the label of its kind, its story's address, and the address of its change."""

    line: NoteLine
    label: str | Promise
    address: str
    changes: str

    @property
    def is_weighty(self) -> bool:
        return self.line.kind in WEIGHTY_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFilters:
    """The filters of the list. No kinds stand for all but the quiet ones."""

    kinds: Sequence[str]
    section: str
    month: date | None
    before: LinePosition | None

    @property
    def query(self) -> list[tuple[str, str]]:
        query = [("kind", kind) for kind in self.kinds]
        query += [("section", self.section)] * bool(self.section)
        query += [("month", f"{self.month:%Y-%m}")] if self.month else []
        return query

    @property
    def shown_kinds(self) -> list[str]:
        return list(self.kinds) or [kind for kind in KINDS if kind not in QUIET]


@require_safe
@cached_list
def corrections(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """List the site's notes, newest first, filtered by kind, section and month. Four queries."""
    filters = _read_filters(request)
    if filters is None:
        return missing(request, at=at)
    since, until = _month_bounds(filters.month) if filters.month else (None, None)
    lines = note_lines(
        at=at,
        limit=LISTED_LINES + 1,
        kinds=filters.shown_kinds,
        section=filters.section,
        since=since,
        until=until,
        before=filters.before,
    )
    here = reverse("public:corrections")
    shown, older = lines[:LISTED_LINES], ""
    if len(lines) > LISTED_LINES:
        last = shown[-1].place
        key = ("before", cursor(last.live_from, last.rank, last.id))
        older = f"{here}?{urlencode([*filters.query, key])}"
    context = {
        "entries": [_entry(line) for line in shown],
        "kinds": [(str(kind), label, kind in filters.shown_kinds) for kind, label in KINDS.items()],
        "months": months_of_notes(at=at),
        "filters": filters,
        "filtered": bool(filters.query),
        "older": older,
        "newest": f"{here}?{urlencode(filters.query)}".rstrip("?") if filters.before else "",
        "canonical": here,
    }
    return respond(request, "stories/public/corrections.html", context, at=at)


def _read_filters(request: HttpRequest) -> NoteFilters | None:
    """Return the filters, None if they are none that the page offers."""
    query = request.GET
    # From links, and from the form, where fields with several values have brackets.
    kinds = list(dict.fromkeys([*query.getlist("kind"), *query.getlist("kind[]")]))
    month, before = query.get("month", ""), query.get("before", "")
    match, found = _MONTH.fullmatch(month), read_cursor(before, numbers=2)
    if not set(kinds) <= set(KINDS) or (month and not match) or (before and not found):
        return None
    return NoteFilters(
        kinds=kinds,
        section=query.get("section", "")[:100].replace("\x00", ""),
        month=date(int(match[1]), int(match[2]), 1) if match else None,
        before=LinePosition(live_from=found[0], rank=found[1][0], id=found[1][1]) if found else None,
    )


def _month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return when a month begins and ends in the newsroom's time zone."""
    zone = timezone.get_current_timezone()
    following = (month.year, month.month + 1) if month.month < 12 else (month.year + 1, 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def _entry(line: NoteLine) -> Entry:
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

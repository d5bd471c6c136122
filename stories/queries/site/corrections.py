"""Every note of the site, and every line of a developing story: what was announced to readers, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth

from stories.domain.snapshot import NoteKind
from stories.models.publications import Publication, PublicationClass, PublishedNote
from stories.queries.publishing.versions import Version, listed, live_versions_of

# The kind of a developing story's line, in addition to the kinds of notes.
DEVELOPING: Final = "developing"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosition:
    """A line's position among all: the newest first, notes before lines of the same moment."""

    live_from: datetime
    rank: int
    id: int

    @property
    def order(self) -> tuple[datetime, int, int]:
        return (self.live_from, self.rank, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A note, or a line of a developing story (which has no key); with its version's number, and its live story."""

    kind: str
    key: UUID | None
    text: str
    was: str
    now: str
    amends: bool
    number: int
    place: LinePosition
    story: Version


def note_lines(
    *,
    at: datetime,
    limit: int,
    kinds: Collection[str],
    section: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: LinePosition | None = None,
) -> list[NoteLine]:
    """Return lines of some kinds, newest first: of a section, of a period, after a position. Three queries."""
    chosen = {"noted": True, "section": section, "live_from__gte": since, "live_from__lt": until}
    conditions = {name: value for name, value in chosen.items() if value}
    noted = [kind for kind in kinds if kind != DEVELOPING]
    found = [_of_note(row) for row in _notes(at, conditions, noted, before)[:limit]] if noted else []
    if DEVELOPING in kinds:
        found += [_of_line(row) for row in _lines(at, conditions, before)[:limit]]
    found.sort(key=lambda each: each["place"].order, reverse=True)
    found = found[:limit]
    stories = {each.article_id: each for each in live_versions_of({line["article"] for line in found}, at=at)}
    # A story may be withdrawn between the queries.
    return [_masked(story, line) for line in found if (story := stories.get(line.pop("article"))) is not None]


def _masked(story: Version, line: dict[str, Any]) -> NoteLine:
    words = {name: story.mask.text(line[name]) for name in ("text", "was", "now")}
    return NoteLine(story=story, **{**line, **words})


def months_of_notes(*, at: datetime) -> list[date]:
    """Return the first day of each month with a note or a developing line, newest first. One query."""
    noted: Any = Publication.objects.filter(listed(at), period__noted=True)
    months = noted.annotate(month=TruncMonth("period__live_from")).order_by("-month")
    return [month.date() for month in months.values_list("month", flat=True).distinct()]


def _notes(
    at: datetime, conditions: dict[str, Any], kinds: Iterable[str], before: LinePosition | None
) -> QuerySet[PublishedNote]:
    rows = PublishedNote.objects.filter(
        listed(at, "publication__"),
        kind__in=list(kinds),
        **{f"publication__period__{name}": value for name, value in conditions.items()},
    )
    if before is not None:
        same = Q(publication__period__live_from=before.live_from, pk__lt=before.id if before.rank else 0)
        rows = rows.filter(
            Q(publication__period__live_from__lt=before.live_from) | same,
            # Where the index is entered.
            publication__period__live_from__lte=before.live_from,
        )
    ordered: QuerySet[PublishedNote] = rows.order_by("-publication__period__live_from", "-pk")
    return ordered.select_related("publication__period")


def _lines(at: datetime, conditions: dict[str, Any], before: LinePosition | None) -> QuerySet[Publication]:
    rows = Publication.objects.filter(
        listed(at),
        publication_class=PublicationClass.DEVELOPING,
        **{f"period__{name}": value for name, value in conditions.items()},
    )
    if before is not None:
        same = Q(period__live_from=before.live_from)
        # All notes of the same moment came first.
        same &= Q() if before.rank else Q(pk__lt=before.id)
        rows = rows.filter(Q(period__live_from__lt=before.live_from) | same)
    ordered: QuerySet[Publication] = rows.order_by("-period__live_from", "-pk")
    return ordered.select_related("period")


def _of_note(row: Any) -> dict[str, Any]:
    return {
        "kind": NoteKind(row.kind),
        "key": row.key,
        "text": row.text,
        "was": row.was,
        "now": row.now,
        "amends": row.amends is not None,
        "number": row.publication.period.number,
        "place": LinePosition(live_from=row.publication.live_from, rank=1, id=row.pk),
        "article": row.publication.article_id,
    }


def _of_line(row: Any) -> dict[str, Any]:
    return {
        "kind": DEVELOPING,
        "key": None,
        "text": row.reason,
        "was": "",
        "now": "",
        "amends": False,
        "number": row.period.number,
        "place": LinePosition(live_from=row.live_from, rank=0, id=row.pk),
        "article": row.article_id,
    }

"""Every note of the site, and every line of a developing story: what was announced to readers, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from stories.domain.snapshot import NoteKind
from stories.models.publications import Publication, PublicationClass, PublishedNote
from stories.queries.publishing.versions import Version, listed_publications, live_versions_of

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
    publications = listed_publications(at)
    if section:
        publications = publications.filter(card__section=section)
    if since is not None:
        publications = publications.filter(live_from__gte=since)
    if until is not None:
        publications = publications.filter(live_from__lt=until)
    noted = [kind for kind in kinds if kind != DEVELOPING]
    rows = _notes(publications, noted, before, at)[:limit] if noted else []
    found = [_of_note(row) for row in rows]
    if DEVELOPING in kinds:
        found += [_of_line(row) for row in _lines(publications, before, at)[:limit]]
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
    with_notice = Q(notes__isnull=False) | Q(publication_class=PublicationClass.DEVELOPING)
    rows: Any = listed_publications(at).filter(with_notice).annotate(month=TruncMonth("live_from"))
    return [month.date() for month in rows.order_by("-month").values_list("month", flat=True).distinct()]


def _notes(
    publications: QuerySet[Publication], kinds: Iterable[str], before: LinePosition | None, at: datetime
) -> QuerySet[PublishedNote]:
    rows: Any = PublishedNote.objects.filter(publication__in=publications, kind__in=list(kinds))
    if before is not None:
        earlier = Q(publication__live_from__lt=before.live_from)
        same = Q(publication__live_from=before.live_from, pk__lt=before.id if before.rank else 0)
        rows = rows.filter(earlier | same)
    number = _number_of(OuterRef("publication__article"), OuterRef("publication__live_from"), at)
    found: QuerySet[PublishedNote] = (
        rows.select_related("publication").annotate(number=number).order_by("-publication__live_from", "-pk")
    )
    return found


def _lines(
    publications: QuerySet[Publication], before: LinePosition | None, at: datetime
) -> QuerySet[Publication]:
    rows = publications.filter(publication_class=PublicationClass.DEVELOPING)
    if before is not None:
        same = Q(live_from=before.live_from)
        # All notes of the same moment came first.
        same &= Q() if before.rank else Q(pk__lt=before.id)
        rows = rows.filter(Q(live_from__lt=before.live_from) | same)
    number = _number_of(OuterRef("article"), OuterRef("live_from"), at)
    return rows.annotate(number=number).order_by("-live_from", "-pk")


def _number_of(article: Any, live_from: Any, at: datetime) -> Subquery:
    so_far = Publication.objects.live(at=at).filter(article=article, live_from__lte=live_from).order_by()
    return Subquery(so_far.values("article").annotate(n=Count("pk")).values("n"))


def _of_note(row: Any) -> dict[str, Any]:
    return {
        "kind": NoteKind(row.kind),
        "key": row.key,
        "text": row.text,
        "was": row.was,
        "now": row.now,
        "amends": row.amends is not None,
        "number": row.number,
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
        "number": row.number,
        "place": LinePosition(live_from=row.live_from, rank=0, id=row.pk),
        "article": row.article_id,
    }

"""Figures over time: how much changed after publication, and how soon errors were corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import TruncMonth

from stories.domain.snapshot import NoteKind
from stories.models import Publication, PublicationClass, PublishedNote
from stories.models.record.ledger import UNANNOUNCED


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFigures:
    """A month of a section: its versions, of how many stories, how many of them minor or corrected.

    `timed` corrections of `corrections` could be traced to the version with the error; `hours` is their mean.
    """

    month: date
    section: str
    stories: int = 0
    versions: int = 0
    minor: int = 0
    unannounced: int = 0
    corrections: int = 0
    timed: int = 0
    hours: float | None = None

    @property
    def versions_a_story(self) -> float:
        return self.versions / self.stories if self.stories else 0

    @property
    def minor_share(self) -> float:
        """The percentage of minor versions."""
        return 100 * self.minor / self.versions if self.versions else 0


def monthly_figures(*, since: datetime, at: datetime) -> list[MonthlyFigures]:
    """Return each month of each section with a version, newest first, then by section.

    By the section of the version at the time; imports are left out, since readers did not see them here. Two queries,
    grouped in SQL.
    """
    live = (
        Publication.objects.live(at=at)
        .filter(live_from__gte=since)
        .exclude(publication_class=PublicationClass.IMPORTED)
    )
    versions = _grouped(
        live.annotate(month=TruncMonth("live_from"), section=F("card__section_name")),
        stories=Count("article", distinct=True),
        versions=Count("pk"),
        minor=Count("pk", filter=Q(publication_class=PublicationClass.MINOR)),
        unannounced=Count("pk", filter=Q(publication_class__in=UNANNOUNCED)),
    )
    corrections = {
        (row["month"], row["section"]): row
        for row in _grouped(
            _timed(live),
            corrections=Count("pk"),
            timed=Count("took"),
            mean=Avg("took", output_field=DurationField()),
        )
    }
    return [_monthly_figures(row, corrections.get((row["month"], row["section"]))) for row in versions]


def _timed(live: Any) -> Any:
    """Return the corrections of versions; `took` is how long readers could read what the note says was wrong."""
    with_error = Publication.objects.not_cancelled().filter(
        article=OuterRef("publication__article"),
        live_from__lte=OuterRef("publication__live_from"),
        search_text__text__icontains=OuterRef("was"),
    )
    first = with_error.order_by().values("article").annotate(first=Min("live_from")).values("first")
    return (
        PublishedNote.objects.filter(kind=NoteKind.CORRECTION.value, publication__in=live.values("pk"))
        .annotate(month=TruncMonth("publication__live_from"), section=F("publication__card__section_name"))
        .annotate(first=Case(When(was="", then=None), default=Subquery(first), output_field=DateTimeField()))
        .annotate(took=ExpressionWrapper(F("publication__live_from") - F("first"), DurationField()))
    )


def _grouped(rows: Any, **sums: Any) -> Iterable[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = (
        rows.order_by().values("month", "section").annotate(**sums).order_by("-month", "section")
    )
    return found


def _monthly_figures(row: dict[str, Any], corrected: dict[str, Any] | None) -> MonthlyFigures:
    mean = corrected["mean"] if corrected else None
    return MonthlyFigures(
        month=row["month"].date(),
        section=row["section"],
        stories=row["stories"],
        versions=row["versions"],
        minor=row["minor"],
        unannounced=row["unannounced"],
        corrections=corrected["corrections"] if corrected else 0,
        timed=corrected["timed"] if corrected else 0,
        hours=mean.total_seconds() / 3600 if mean is not None else None,
    )

"""A story's history, page by page: its revisions, with the publications and offers of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, OuterRef, Subquery

from stories.domain.diff.change_size import RevisionChange, changes_from_json
from stories.models import Publication, PublishedNote, ReviewRequest, Revision

PAGE_LENGTH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A publication of a revision; `version` is its number once it has gone live, else 0."""

    publication: Publication
    version: int
    notes: list[PublishedNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A revision with its changes, its publications in order, and the offers of it."""

    revision: Revision
    changes: tuple[RevisionChange, ...]
    publications: list[PublishedLine]
    offers: list[ReviewRequest]

    @property
    def version(self) -> int:
        """The number of its newest version, 0 if readers never saw it."""
        return max((line.version for line in self.publications), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of lines, newest first; `older_before` is what the next page begins below, None at the end."""

    lines: list[HistoryLine]
    older_before: int | None


def history_page(article_id: int, *, at: datetime, before: int | None = None) -> HistoryPage:
    """Return the newest revisions of a story, or the newest before a number. Four queries, however long the history."""
    revisions = Revision.objects.filter(article=article_id).order_by("-number")
    if before is not None:
        revisions = revisions.filter(number__lt=before)
    found = list(revisions[: PAGE_LENGTH + 1])
    on_page = found[:PAGE_LENGTH]
    publications = published_lines([revision.pk for revision in on_page], at)
    offers: defaultdict[int, list[ReviewRequest]] = defaultdict(list)
    for offer in ReviewRequest.objects.filter(revision__in=on_page).order_by("pk"):
        offers[offer.revision_id].append(offer)
    return HistoryPage(
        lines=[
            HistoryLine(
                revision=revision,
                changes=changes_from_json(revision.changes),
                publications=publications[revision.pk],
                offers=offers[revision.pk],
            )
            for revision in on_page
        ],
        older_before=on_page[-1].number if len(found) > PAGE_LENGTH else None,
    )


def published_lines(revisions: Iterable[int], at: datetime) -> defaultdict[int, list[PublishedLine]]:
    """Return the publications of some revisions, by revision. Two queries."""
    live = Publication.objects.live(at=at).filter(
        article=OuterRef("article"), live_from__lte=OuterRef("live_from")
    )
    ranked: Any = (
        Publication.objects.filter(revision__in=list(revisions))
        .select_related("cancellation", "revision", "base__revision")
        .annotate(rank=Subquery(live.order_by().values("article").annotate(n=Count("pk")).values("n")))
        .order_by("live_from", "pk")
    )
    rows = list(ranked)
    notes: defaultdict[int, list[PublishedNote]] = defaultdict(list)
    for note in PublishedNote.objects.filter(publication__in=rows):
        notes[note.publication_id].append(note)
    lines: defaultdict[int, list[PublishedLine]] = defaultdict(list)
    for row in rows:
        went_live = row.live_from <= at and not hasattr(row, "cancellation")
        lines[row.revision_id].append(
            PublishedLine(publication=row, version=row.rank if went_live else 0, notes=notes[row.pk])
        )
    return lines

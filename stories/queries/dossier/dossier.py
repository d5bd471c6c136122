"""A story's dossier: all its ledger entries, in order, with the rows behind each.

Page by page, by the ledger's sequence: no page reads more than its own entries, and how the story read before them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max, Min

from stories.domain.snapshot import StorySnapshot
from stories.models import (
    CommentRequest,
    ContactAttempt,
    DeskRecord,
    LedgerEntry,
    Publication,
    Revision,
    TermsDecision,
)
from stories.models.integrity.registry import JOURNALS
from stories.models.record.revisions import Journal, RevisionSource
from stories.queries.story.history import PublishedLine, published_lines
from stories.queries.story.snapshots import snapshots_between

PAGE_LENGTH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEntry:
    """An entry with the row of its event, None if that is gone; `published` of a publication alone."""

    entry: LedgerEntry
    event: Any
    published: PublishedLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierVersion:
    """A publication, and the revisions that it published, of which `earlier` are on previous pages."""

    entry: LedgerEntry
    published: PublishedLine
    brought: list[Revision]
    earlier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPage:
    """A page of entries, oldest first, numbered from 1. `snapshots` are by revision, 0 being before the story began."""

    number: int
    pages: int
    total: int
    before: int
    entries: list[DossierEntry]
    snapshots: Mapping[int, StorySnapshot]
    # Who wrote what a revision of this page reapplied, by the number of the source revision.
    writers: Mapping[int, str]

    def versions(self) -> list[DossierVersion]:
        """Return the publications of this page."""
        revisions = [each.event for each in self.entries if isinstance(each.event, Revision)]
        return [
            _version(each.entry, each.published, revisions)
            for each in self.entries
            if each.published is not None
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who did something to a story: how much of what kind, from when to when."""

    name: str
    number: int | None
    kinds: dict[str, int] = field(default_factory=dict)
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedParty:
    """A party asked for comment: the working copy's request, and the desk's records of it."""

    request: CommentRequest | None
    record: DeskRecord | None
    attempts: list[ContactAttempt]
    decisions: list[TermsDecision]

    @property
    def party(self) -> str:
        return self.request.party if self.request else self.record.party if self.record else ""


def dossier_page(article_id: int, number: int, *, at: datetime) -> DossierPage:
    """Return page `number` of a story's dossier, the last one if there are fewer.

    Five queries, one for each kind of event on the page, and two a tracked model; none grows with the history.
    """
    entries = LedgerEntry.objects.filter(article=article_id).order_by("sequence")
    total = entries.count()
    pages = max(1, -(-total // PAGE_LENGTH))
    number = min(max(1, number), pages)
    on_page = list(entries[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH])
    events = _events(on_page)
    found = [events.get(entry.sequence) for entry in on_page]
    publications = [event for event in found if isinstance(event, Publication)]
    lines = {
        line.publication.pk: line
        for group in published_lines({event.revision_id for event in publications}, at).values()
        for line in group
    }
    revisions = [event for event in found if isinstance(event, Revision)]
    return DossierPage(
        number=number,
        pages=pages,
        total=total,
        before=(number - 1) * PAGE_LENGTH,
        entries=[
            DossierEntry(
                entry=entry,
                event=event,
                published=lines.get(event.pk) if isinstance(event, Publication) else None,
            )
            for entry, event in zip(on_page, found, strict=True)
        ],
        snapshots=_snapshots(article_id, revisions, [lines[each.pk] for each in publications]),
        writers=_writers(article_id, revisions),
    )


def _events(entries: Iterable[LedgerEntry]) -> dict[int, Journal]:
    """Return the rows of entries' events, by sequence. One query a kind."""
    numbers_by_kind: dict[str, dict[int, int]] = defaultdict(dict)
    for entry in entries:
        numbers_by_kind[entry.kind][entry.event_id] = entry.sequence
    return {
        numbers[row.pk]: row
        for kind, numbers in numbers_by_kind.items()
        for row in JOURNALS[kind]._base_manager.filter(pk__in=numbers)
    }


def _snapshots(
    article_id: int, revisions: list[Revision], published: list[PublishedLine]
) -> Mapping[int, StorySnapshot]:
    """Return the snapshots that the page compares: each of its revisions, and each version with its base."""
    sides = {line.publication.revision.number for line in published}
    sides |= {line.publication.base.revision.number for line in published if line.publication.base}
    if not revisions:
        return snapshots_between(article_id, min(sides), min(sides), sides) if sides else {}
    numbers = [revision.number for revision in revisions]
    return snapshots_between(article_id, min(numbers) - 1, max(numbers), sides)


def _writers(article_id: int, revisions: list[Revision]) -> dict[int, str]:
    sources = {revision.source_revision for revision in revisions if revision.source_revision is not None}
    rows = Revision.objects.filter(article=article_id, number__in=sources)
    return dict(rows.values_list("number", "user_name"))


def _version(entry: LedgerEntry, published: PublishedLine, revisions: list[Revision]) -> DossierVersion:
    publication = published.publication
    first = publication.base.revision.number + 1 if publication.base else 1
    last = publication.revision.number
    if publication.revision.source_kind == RevisionSource.MADE_OF:
        # A fix of the live version: the unpublished edits are not in it.
        first = last
    brought = [revision for revision in revisions if first <= revision.number <= last]
    return DossierVersion(
        entry=entry, published=published, brought=brought, earlier=max(0, last - first + 1 - len(brought))
    )


def people_of(article_id: int) -> list[Person]:
    """Return everybody who has an entry for a story, the first to appear first. One query."""
    rows = (
        LedgerEntry.objects.filter(article=article_id)
        .order_by()
        .values("user_id", "user_name", "kind")
        .annotate(count=Count("pk"), first=Min("recorded_at"), last=Max("recorded_at"))
    )
    people: dict[tuple[int | None, str], Person] = {}
    for row in rows.order_by("first", "kind"):
        key = (row["user_id"], row["user_name"])
        known = people.get(key)
        people[key] = Person(
            name=row["user_name"],
            number=row["user_id"],
            kinds={**(known.kinds if known else {}), row["kind"]: row["count"]},
            first=min(known.first, row["first"]) if known else row["first"],
            last=max(known.last, row["last"]) if known else row["last"],
        )
    return list(people.values())


def asked_parties(article_id: int) -> list[AskedParty]:
    """Return the parties asked for comment, in the story's order; then those of removed requests. Four queries."""
    requests = {row.key: row for row in CommentRequest.objects.filter(parent=article_id)}
    records = {row.request_key: row for row in DeskRecord.objects.filter(article=article_id).order_by("pk")}
    attempts: dict[int, list[ContactAttempt]] = defaultdict(list)
    for attempt in ContactAttempt.objects.filter(record__article=article_id):
        attempts[attempt.record_id].append(attempt)
    decisions: dict[int, list[TermsDecision]] = defaultdict(list)
    for decision in TermsDecision.objects.filter(record__article=article_id):
        decisions[decision.record_id].append(decision)
    return [
        AskedParty(
            request=requests.get(key),
            record=records.get(key),
            attempts=attempts[records[key].pk] if key in records else [],
            decisions=decisions[records[key].pk] if key in records else [],
        )
        for key in {**requests, **records}
    ]

"""The public part of a story's dossier: what readers may see, and the ledger entries of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stories.domain.snapshot import PublicStory
from stories.models import EntryKind, LedgerEntry
from stories.queries.publishing.versions import Version, VersionNote, public_story, published_notes, versions

VERSIONS_A_PAGE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicVersion:
    """A version with its story and its new notes; `before` is what readers read until then.

    `story` is None if it is withheld from the public, `before` for the first. `sequence` and `digest` are of its
    publication's entry; its payload is not public, because it names people.
    """

    version: Version
    story: PublicStory | None
    before: PublicStory | None
    notes: list[VersionNote]
    sequence: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """A page of versions, oldest first, numbered from 1."""

    number: int
    pages: int
    total: int
    versions: list[PublicVersion]


def public_page(article_id: int, number: int, *, at: datetime) -> PublicPage:
    """Return page `number` of the public part, the last one if there are fewer. A fixed number of queries."""
    every = sorted(versions(article_id, at=at), key=lambda version: version.number)
    pages = max(1, -(-len(every) // VERSIONS_A_PAGE))
    number = min(max(1, number), pages)
    start = (number - 1) * VERSIONS_A_PAGE
    on_page = every[start : start + VERSIONS_A_PAGE]
    proofs = entries_of([version.publication_id for version in on_page])
    notes = published_notes(article_id, at=at)
    before = read_in_public(every[start - 1]) if start else None
    found: list[PublicVersion] = []
    for version in on_page:
        story = read_in_public(version)
        sequence, digest = proofs[version.publication_id]
        found.append(
            PublicVersion(
                version=version,
                story=story,
                before=before,
                notes=[note for note in notes if note.publication_id == version.publication_id],
                sequence=sequence,
                digest=digest,
            )
        )
        before = story or before
    return PublicPage(number=number, pages=pages, total=len(every), versions=found)


def read_in_public(version: Version) -> PublicStory | None:
    """Return the story of a version as readers see it, None if it is withheld. One query a tracked model."""
    return None if version.withheld else public_story(version)


def entries_of(publications: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return sequence and digest of publications' entries, by publication. One query."""
    entries = LedgerEntry.objects.filter(kind=EntryKind.PUBLICATION, event_id__in=list(publications))
    return {
        event: (sequence, bytes(digest).hex())
        for event, sequence, digest in entries.values_list("event_id", "sequence", "digest")
    }

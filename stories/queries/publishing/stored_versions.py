"""Stories as in archives: read for an export, and compared with an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef

from stories.domain.archive.blocks import block_entry
from stories.domain.archive.stories import DEFAULT_CLASS, FORMAT, time_text
from stories.domain.snapshot import (
    CommentRequest,
    ImageBlock,
    PublicStory,
    StoryKind,
    StorySnapshot,
    UpdateNote,
)
from stories.domain.text.slugs import slug_of_name
from stories.models.addresses import OldAddress, StoryAddress
from stories.models.imports import ImportedStory
from stories.models.publications import Publication, PublicationClass
from stories.queries.publishing.withholdings import mask_of, not_withheld
from stories.queries.story.snapshots import snapshots_at

LONGEST_SLUG: Final = 100


@dataclass(frozen=True, slots=True)
class ExportedStory:
    """A story as an archive's line, and the digests of its pictures."""

    line: dict[str, Any]
    pictures: tuple[str, ...]


def slug_of(name: str) -> str:
    """Return the slug of an author or a section by name: the same for all spellings of one name, and for no other."""
    return slug_of_name(name, longest=LONGEST_SLUG)


def stored_versions(article_id: int) -> list[tuple[Publication, StorySnapshot]]:
    """Return every publication of an article that is not cancelled, oldest first, with its story."""
    return _with_stories(article_id, Publication.objects.not_cancelled().filter(article=article_id))


def article_at(slug: str, *, at: datetime) -> int | None:
    """Return the article that went live under a slug, or None. One query."""
    went_live = Publication.objects.live(at=at).filter(article=OuterRef("article"))
    return (
        StoryAddress.objects.filter(Exists(went_live), slug=slug).values_list("article_id", flat=True).first()
    )


def live_articles(*, at: datetime) -> list[int]:
    """Return every article with a version that is not withheld, ordered by the slug of its newest one. One query."""
    visible = not_withheld(Publication.objects.live(at=at)).order_by("live_from")
    # Of several versions of an article, the newest comes last.
    slugs = dict(visible.values_list("article_id", "address_id"))
    # Sorted here: each database has its own collation.
    return sorted(slugs, key=lambda article: slugs[article])


def exported_story(article_id: int, *, at: datetime) -> ExportedStory:
    """Return the public side of every version of an article that has gone live by `at`, as an archive's line.

    Without what is withheld; `live_articles` lists the articles of which anything remains. Four queries, and one a
    tracked model.
    """
    live = not_withheld(Publication.objects.live(at=at)).filter(article=article_id)
    hide = mask_of(article_id)
    versions = [
        (publication, story.public(withheld=hide)) for publication, story in _with_stories(article_id, live)
    ]
    newest = versions[-1][1]
    line: dict[str, Any] = {"format": FORMAT, "slug": newest.slug}
    if newest.kind is not StoryKind.STORY:
        line["kind"] = str(newest.kind)
    line |= {"section": newest.section, "language": newest.language}
    source = ImportedStory.objects.filter(article=article_id).exclude(source_id="").order_by("pk").first()
    if source is not None and not hide.in_address(source.source_id):
        line["source_id"] = source.source_id
    addresses = OldAddress.objects.filter(article=article_id).values_list("path", flat=True)
    paths = sorted(path for path in addresses if not hide.in_address(path))
    if paths:
        line["addresses"] = paths
    before: Sequence[UpdateNote] = ()
    line["versions"] = []
    for publication, story in versions:
        entry = _version(publication, story, newest, before)
        if hide.in_address(entry.get("slug", "")):
            del entry["slug"]
        if publication.publication_class == PublicationClass.DEVELOPING:
            entry["line"] = hide.text(publication.reason)
        line["versions"].append(entry)
        before = story.update_notes
    pictures = {
        block.picture
        for _publication, story in versions
        for block in story.blocks
        if isinstance(block, ImageBlock) and block.picture
    }
    return ExportedStory(line, tuple(sorted(pictures)))


def _with_stories(article_id: int, publications: Any) -> list[tuple[Publication, StorySnapshot]]:
    found = list(publications.select_related("revision").order_by("live_from"))
    stories = snapshots_at(article_id, [publication.revision.number for publication in found])
    return [(publication, stories[publication.revision.number]) for publication in found]


def _version(
    publication: Publication, story: PublicStory, newest: PublicStory, before: Sequence[UpdateNote]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "live_from": time_text(publication.live_from),
        "headline": story.headline,
        "dek": story.dek,
        "bylines": [
            byline.credited_as
            if byline.author in ("", slug_of(byline.credited_as))
            else {"name": byline.credited_as, "author": byline.author}
            for byline in story.bylines
        ],
        "dateline": story.dateline,
        "disclosure": story.disclosure,
        "blocks": [block_entry(block) for block in story.blocks],
        "notes": list(_added_notes(story.update_notes, before)),
        "comment_requests": [_request(request) for request in story.comment_requests],
    }
    if publication.publication_class != DEFAULT_CLASS:
        entry["class"] = publication.publication_class
    for name in ("slug", "kind", "section", "language"):
        if getattr(story, name) != getattr(newest, name):
            entry[name] = str(getattr(story, name))
    if story.section:
        entry["section_name"] = story.section_name
    return entry


def _added_notes(notes: Sequence[UpdateNote], before: Sequence[UpdateNote]) -> Iterator[dict[str, Any]]:
    known = {note.key for note in before}
    there = len(before)
    for index, note in enumerate(notes):
        if note.key in known:
            continue
        entry: dict[str, Any] = {
            "kind": str(note.kind),
            "text": note.text,
            "was": note.was,
            "now": note.now,
            "key": str(note.key),
        }
        if note.amends:
            entry["amends"] = str(note.amends)
        if index < there:
            entry["place"] = index + 1
        there += 1
        yield entry


def _request(request: CommentRequest) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "party": request.party,
        "status": str(request.status),
        "requested_at": time_text(request.requested_at) if request.requested_at else None,
        "responded_at": time_text(request.responded_at) if request.responded_at else None,
    }
    if request.asked_how:
        entry["asked_how"] = request.asked_how
    if request.sentence:
        entry["sentence"] = request.sentence
    return entry

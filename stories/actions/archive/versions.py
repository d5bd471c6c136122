"""Turn an archived version into a snapshot, and create the authors and sections that it names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stories.actions.actors import Actor
from stories.actions.editing.sections_and_authors import SectionOrAuthor, write_section_or_author
from stories.actions.errors import Refused
from stories.actions.record.ledger import Written
from stories.domain.archive.blocks import blocks_of, derived_key, given_key
from stories.domain.archive.stories import ArchivedByline, ArchivedStory, ArchivedVersion
from stories.domain.snapshot import Byline, CommentRequest, StorySnapshot, UpdateNote
from stories.domain.text.slugs import normal_slug
from stories.models import Author, NameChange, Section
from stories.queries.publishing.stored_versions import slug_of


def _section_name(section: str) -> str:
    """Return a section's name; if the archive gives only the slug, a name made from it."""
    return section.replace("-", " ").capitalize() if slug_of(section) == normal_slug(section) else section


def _section_slug(version: ArchivedVersion) -> str:
    """Return the slug of a version's section; `section` is already the slug if the version also names the section."""
    if version.section_name or not version.section:
        return normal_slug(version.section)
    return slug_of(version.section)


def archived_snapshot(
    story: ArchivedStory, index: int, before: StorySnapshot
) -> tuple[StorySnapshot, Counter[str]]:
    """Return the story as its version at `index` (from 0) should read, and what was removed from its HTML.

    `before` is the story as the previous version reads: parts that are unchanged or edited keep their keys. No queries.
    Raises ArchiveError.
    """
    version = story.versions[index]
    body = blocks_of(version, slug=story.slug, index=index, before=before.blocks)
    snapshot = StorySnapshot(
        kind=version.kind,
        headline=version.headline,
        dek=version.dek,
        slug=version.slug,
        section=_section_slug(version),
        section_name=version.section_name,
        language=version.language,
        dateline=version.dateline,
        disclosure=version.disclosure,
        bylines=tuple(_bylines(story, index, before.bylines)),
        blocks=body.blocks,
        comment_requests=tuple(_requests(story, index, before.comment_requests)),
        update_notes=_notes(story, index, before.update_notes),
    )
    return snapshot, body.removed


def make_authors_and_sections(
    versions: Iterable[ArchivedVersion], *, user: Actor, at: datetime
) -> Iterator[Written[NameChange]]:
    """Create the missing sections and authors of some versions, under the first name given for each.

    Sorted, so that two imports that bring the same authors don't deadlock. Yields the events; the caller appends their
    ledger entries.
    """
    sections: dict[str, str] = {}
    authors: dict[str, str] = {}
    for version in versions:
        if slug := _section_slug(version):
            sections.setdefault(slug, version.section_name or _section_name(version.section))
        for byline in version.bylines:
            name = _credited_as(byline)
            authors.setdefault(byline.author or slug_of(name), name)
    for slug, name in sorted(sections.items()):
        yield from _make_missing(Section(slug=slug, name=name), user, at)
    for slug, name in sorted(authors.items()):
        yield from _make_missing(Author(slug=slug, name=name), user, at)


def _credited_as(byline: ArchivedByline) -> str:
    return " ".join(byline.name.split())


def _make_missing(named: SectionOrAuthor, user: Actor, at: datetime) -> Iterator[Written[NameChange]]:
    if type(named)._base_manager.filter(pk=named.pk).exists():
        return
    try:
        named.clean_fields()
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages)) from None
    # Two imports may create the same one at the same moment.
    try:
        with transaction.atomic():
            made = write_section_or_author(row=named, user=user, at=at)
    except IntegrityError:
        return
    yield made


class _Keys:
    """The keys of parts that are known by a name: each is handed out once, in order."""

    def __init__(self, named: Iterable[tuple[str, UUID]]) -> None:
        self._free: defaultdict[str, list[UUID]] = defaultdict(list)
        for name, key in named:
            self._free[name].append(key)

    def take(self, name: str, fresh: UUID) -> UUID:
        return self._free[name].pop(0) if self._free[name] else fresh


def _bylines(story: ArchivedStory, index: int, before: tuple[Byline, ...]) -> Iterable[Byline]:
    keys = _Keys((byline.credited_as, byline.key) for byline in before)
    for number, byline in enumerate(story.versions[index].bylines, start=1):
        name = _credited_as(byline)
        key = keys.take(name, derived_key(story.slug, index + 1, "byline", number))
        yield Byline(key=key, author=byline.author or slug_of(name), credited_as=name)


def _requests(
    story: ArchivedStory, index: int, before: tuple[CommentRequest, ...]
) -> Iterable[CommentRequest]:
    keys = _Keys((request.party, request.key) for request in before)
    for number, request in enumerate(story.versions[index].comment_requests, start=1):
        party = " ".join(request.party.split())
        yield CommentRequest(
            key=keys.take(party, derived_key(story.slug, index + 1, "request", number)),
            party=party,
            status=request.status,
            requested_at=request.requested_at,
            responded_at=request.responded_at,
            asked_how=request.asked_how,
            sentence=request.sentence,
        )


def _notes(story: ArchivedStory, index: int, before: tuple[UpdateNote, ...]) -> tuple[UpdateNote, ...]:
    notes = list(before)
    for number, note in enumerate(story.versions[index].notes, start=1):
        key = (
            given_key(story.slug, note.key)
            if note.key
            else derived_key(story.slug, index + 1, "note", number)
        )
        amends = given_key(story.slug, note.amends) if note.amends else None
        added = UpdateNote(key=key, kind=note.kind, text=note.text, was=note.was, now=note.now, amends=amends)
        notes.insert(len(notes) if note.place is None else note.place - 1, added)
    return tuple(notes)

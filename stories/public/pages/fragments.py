"""Rendered stories and comparisons, cached for a day, since a publication's text does not change.

Withholding something of a story changes its versions' fingerprints, so that earlier cache entries are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.snapshot import PublicStory
from stories.public.http.budget import COMPARISONS
from stories.public.http.cache import get_or_render, store
from stories.public.http.responses import Overtaken, address_of
from stories.queries.publishing.published_stories import published_stories, published_story
from stories.queries.publishing.versions import (
    Version,
    VersionNote,
    carried_notes,
)
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from stories.rendering.fingerprint import fingerprint
from stories.rendering.story.metadata import VersionFacts
from stories.rendering.story.notes import ReaderNote
from stories.rendering.story.story import RenderedStory, render_story
from stories.rendering.story.story_json import as_json, story_data

T = TypeVar("T")

# Each release changes all cache keys, so that entries of the last one have to expire.
_DAY: Final = 86_400


def rendered_story(version: Version) -> RenderedStory:
    """Return a version's story as HTML, with the notes it carried. No query if it is cached."""

    def make() -> RenderedStory:
        story = published_story(version)
        return render_story(story, _notes(version, story), facts=version_facts(version))

    return _cached(f"story:{version.fingerprint}", make)


def _notes(version: Version, story: PublicStory) -> list[ReaderNote]:
    """Return the notes that a version carried. One query if it carries any."""
    if not story.update_notes:
        return []
    notes = carried_notes([version], at=version.live_from).get(version.article_id, ())
    if not notes:
        # Withdrawn since this request began: the story would be cached without its notes.
        raise Overtaken
    return _notes_of_story(version, story, notes)


def rendered_stories(requested: Sequence[Version], *, at: datetime) -> list[tuple[Version, RenderedStory]]:
    """Return live versions of several stories as HTML, in their order.

    No query for those that are cached; a fixed number for all others together.
    """
    keys = {version: _key(f"story:{version.fingerprint}") for version in requested}
    found: dict[str, RenderedStory] = cache.get_many(keys.values())
    uncached = [version for version in requested if keys[version] not in found]
    if uncached:
        stories, notes = published_stories(uncached), carried_notes(uncached, at=at)
        for version in uncached:
            story = stories[version.publication_id]
            story_notes = _notes_of_story(version, story, notes.get(version.article_id, ()))
            rendered = render_story(story, story_notes, facts=version_facts(version))
            found[keys[version]] = rendered
            store(keys[version], rendered, seconds=_DAY)
    return [(version, found[keys[version]]) for version in requested]


def _notes_of_story(version: Version, story: PublicStory, notes: Iterable[VersionNote]) -> list[ReaderNote]:
    carried = {note.key for note in story.update_notes}
    return reader_notes(
        (note for note in notes if note.key in carried and note.number <= version.number), slug=version.slug
    )


def story_as_json(version: Version) -> str:
    """Return a live version as JSON. No query if it is cached."""

    def make() -> str:
        story = published_story(version)
        data = story_data(
            story,
            version_facts(version),
            _notes(version, story),
            slug=version.slug,
            live_from=version.live_from,
            publication_class=str(version.publication_class),
        )
        return as_json(data)

    return _cached(f"data:{version.fingerprint}", make)


def rendered_comparison(old: Version, new: Version) -> RenderedComparison | None:
    """Return what differs between two versions as HTML, None if they are too long to be compared.

    Raise BudgetExhausted if it is not cached and comparisons have used up their time.
    """

    def make() -> RenderedComparison | str:
        with COMPARISONS.spending():
            try:
                found = diff(published_story(old), published_story(new))
            except StoryTooLong as error:
                return str(error)
            return render_comparison(found, whole=True)

    made = _cached(f"comparison:{old.fingerprint}:{new.fingerprint}", make)
    return None if isinstance(made, str) else made


def version_facts(version: Version) -> VersionFacts:
    """Return what metadata says of a version besides its story."""
    return VersionFacts(
        address=address_of(version),
        number=version.number,
        first_live_from=version.first_live_from,
        updated_at=version.updated_at,
    )


def reader_notes(notes: Iterable[VersionNote], *, slug: str) -> list[ReaderNote]:
    """Return published notes with the addresses of the versions that brought them, under a slug of the story."""
    return [
        ReaderNote(
            key=note.key,
            kind=note.kind,
            text=note.text,
            was=note.was,
            now=note.now,
            amends=note.amends,
            slug=slug,
            version=note.number,
            live_from=note.live_from,
        )
        for note in notes
    ]


def _cached(name: str, make: Callable[[], T]) -> T:
    return get_or_render(_key(name), make, seconds=_DAY)


def _key(name: str) -> str:
    return f"{name}:{fingerprint()}:{get_language()}"

"""Rendered stories and comparisons, kept for a day: a publication's text does not change, nor then its HTML.

What is withheld of a story makes another fingerprint of its versions: what was kept before is reached no more.
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
from stories.queries.publishing.versions import (
    Version,
    VersionNote,
    carried_notes,
    public_stories,
    public_story,
    versions,
    versions_of,
)
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from stories.rendering.fingerprint import fingerprint
from stories.rendering.story.metadata import VersionFacts
from stories.rendering.story.notes import ShownNote
from stories.rendering.story.story import RenderedStory, render_story
from stories.rendering.story.story_json import as_json, story_data

T = TypeVar("T")

# Every change of the code makes new names for all of them: what nobody can ask for any more must leave the cache.
_DAY: Final = 86_400


def rendered_story(version: Version) -> RenderedStory:
    """Return a version's story as HTML, with the notes it carried. No query if it is cached."""

    def make() -> RenderedStory:
        story = public_story(version)
        brought = carried_notes([version], at=version.live_from).get(version.article_id, ())
        so_far = versions(version.article_id, at=version.live_from)
        if not so_far:
            # Withdrawn since this request began: what is made now would lack its notes, and be kept for ever.
            raise Overtaken
        return _rendered(version, story, brought, so_far)

    return _cached(f"story:{version.fingerprint}", make)


def rendered_stories(wanted: Sequence[Version], *, at: datetime) -> list[tuple[Version, RenderedStory]]:
    """Return live versions of several stories as HTML, in their order.

    No query for those that are kept; a fixed number for all the others together.
    """
    keys = {version: _key(f"story:{version.fingerprint}") for version in wanted}
    found: dict[str, RenderedStory] = cache.get_many(keys.values())
    lacking = [version for version in wanted if keys[version] not in found]
    if lacking:
        articles = [version.article_id for version in lacking]
        stories = public_stories(lacking)
        so_far, notes = versions_of(articles, at=at), carried_notes(lacking, at=at)
        for version in lacking:
            article = version.article_id
            # A later version that went live in this very moment brings nothing to this one.
            earlier = [each for each in so_far.get(article, ()) if each.number <= version.number]
            if not earlier:
                continue
            made = _rendered(version, stories[article], notes.get(article, ()), earlier)
            found[keys[version]] = made
            store(keys[version], made, seconds=_DAY)
    return [(version, found[keys[version]]) for version in wanted if keys[version] in found]


def _rendered(
    version: Version, story: PublicStory, notes: Iterable[VersionNote], so_far: Sequence[Version]
) -> RenderedStory:
    carried = {note.key for note in story.update_notes}
    known = {each.publication_id for each in so_far}
    brought = [note for note in notes if note.key in carried and note.publication_id in known]
    return render_story(story, notes_with_versions(brought, so_far), facts=version_facts(version))


def story_as_json(version: Version) -> str:
    """Return a live version as JSON. No query if it is cached."""

    def make() -> str:
        story = public_story(version)
        so_far = versions(version.article_id, at=version.live_from)
        if not so_far:
            raise Overtaken
        carried = {note.key for note in story.update_notes}
        brought = carried_notes([version], at=version.live_from).get(version.article_id, ())
        told = story_data(
            story,
            version_facts(version),
            notes_with_versions([note for note in brought if note.key in carried], so_far),
            slug=version.slug,
            live_from=version.live_from,
            publication_class=str(version.publication_class),
        )
        return as_json(told)

    return _cached(f"data:{version.fingerprint}", make)


def rendered_comparison(old: Version, new: Version) -> RenderedComparison | None:
    """Return what differs between two versions as HTML, None if they are too long to be compared.

    Raises Spent where it is not kept, and comparisons have taken all the time that they may.
    """

    def make() -> RenderedComparison | str:
        with COMPARISONS.spending():
            try:
                found = diff(public_story(old), public_story(new))
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


def notes_with_versions(notes: Iterable[VersionNote], of: Sequence[Version]) -> list[ShownNote]:
    """Return published notes with the versions that brought them; `of` are their story's versions, newest first.

    A note of a version that went live since those were read is shown with that version, and not before.
    """
    numbers = {version.publication_id: version.number for version in of}
    return [
        ShownNote(
            key=note.key,
            kind=note.kind,
            text=note.text,
            was=note.was,
            now=note.now,
            amends=note.amends,
            slug=of[0].slug,
            version=numbers[note.publication_id],
            live_from=note.live_from,
        )
        for note in notes
        if note.publication_id in numbers
    ]


def _cached(name: str, make: Callable[[], T]) -> T:
    return get_or_render(_key(name), make, seconds=_DAY)


def _key(name: str) -> str:
    return f"{name}:{fingerprint()}:{get_language()}"

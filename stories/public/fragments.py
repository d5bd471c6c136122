"""Rendered stories and comparisons, kept for ever: a publication's text does not change, nor then its HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.core.cache import cache
from django.http import Http404
from django.utils.translation import get_language

from stories.domain.diff import StoryTooLong, diff
from stories.queries.versions import Version, VersionNote, public_story, published_notes, versions
from stories.rendering.compare import RenderedComparison, render_comparison
from stories.rendering.fingerprint import fingerprint
from stories.rendering.notes import ShownNote
from stories.rendering.story import RenderedStory, render_story

T = TypeVar("T")


def rendered_story(version: Version) -> RenderedStory:
    """A version's story as HTML, with the notes it carried. No query once it is kept."""

    def make() -> RenderedStory:
        story = public_story(version)
        carried = {note.key for note in story.update_notes}
        brought = published_notes(version.article_id, at=version.live_from)
        so_far = versions(version.article_id, at=version.live_from)
        if not so_far:
            # Withdrawn since this request began: what is made now would lack its notes, and be kept for ever.
            raise Http404
        return render_story(story, shown([note for note in brought if note.key in carried], so_far))

    return _kept(f"story:{version.fingerprint}", make)


def rendered_comparison(old: Version, new: Version) -> RenderedComparison | None:
    """What differs between two versions, as HTML; None where they are too long to be compared."""

    def make() -> RenderedComparison | str:
        try:
            found = diff(public_story(old), public_story(new))
        except StoryTooLong as error:
            return str(error)
        return render_comparison(found)

    made = _kept(f"comparison:{old.fingerprint}:{new.fingerprint}", make)
    return None if isinstance(made, str) else made


def shown(notes: Iterable[VersionNote], of: Sequence[Version]) -> list[ShownNote]:
    """Published notes as pages show them; `of` are their story's versions, newest first."""
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
    ]


def _kept(name: str, make: Callable[[], T]) -> T:
    key = f"{name}:{fingerprint()}:{get_language()}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, timeout=None)
    return found

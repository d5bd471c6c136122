"""Find words in a whole story, and replace them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from stories.domain.snapshot import (
    BLOCK_KINDS,
    PART_FIELDS,
    Byline,
    CommentRequest,
    Part,
    ProseBlock,
    StoryContent,
    StorySnapshot,
    UpdateNote,
)
from stories.domain.text.find import SearchWords, TextMatch, replace_in_text, styled_like, text_matches
from stories.domain.text.letters import MARKS
from stories.domain.text.slugs import normal_slug

_STORY_TEXTS = ("headline", "dek", "slug", "dateline", "disclosure")
_PART_TEXTS: dict[type[Part], tuple[str, ...]] = {
    Byline: ("credited_as",),
    **{block: block.words for block in BLOCK_KINDS.values()},
    CommentRequest: ("party", "asked_how", "sentence"),
    UpdateNote: ("text", "was", "now"),
}


_SLUG_WORDS = re.compile(rf"[\w{MARKS}]+")
_NO_APOSTROPHES = str.maketrans("", "", "'’‘")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMatch:
    """A match in one field of a story: `key` is the part's (None: the story's own), `field` the field's name."""

    key: UUID | None
    field: str
    span: TextMatch

    @property
    def name(self) -> str:
        """An identifier that is unique within the story."""
        return f"{self.key or 'story'}:{self.field}:{self.span.start}-{self.span.end}"


def find_matches(story: StoryContent, words: SearchWords) -> list[FieldMatch]:
    """Return every match of the words in the order of the story: its own fields, then its parts."""
    return _field_matches(
        story,
        lambda part, field: (
            _in_slug(part.slug, words)
            if field == "slug"
            else text_matches(getattr(part, field), words, html=_is_html(part, field))
        ),
    )


def find_matches_with(
    story: StoryContent, places_in: Callable[[str, bool], Iterable[TextMatch]]
) -> list[FieldMatch]:
    """Return every match that `places_in` finds, called with each text and whether it is HTML; the slug is skipped."""
    return _field_matches(
        story,
        lambda part, field: () if field == "slug" else places_in(getattr(part, field), _is_html(part, field)),
    )


def _field_matches(
    story: StoryContent, places_in: Callable[[Any, str], Iterable[TextMatch]]
) -> list[FieldMatch]:
    return [
        FieldMatch(key=key, field=field, span=span)
        for key, part, field in _texts(story)
        for span in places_in(part, field)
    ]


def replace_matches(
    story: StorySnapshot, places: Collection[FieldMatch], replacement: str, *, keep_case: bool = False
) -> StorySnapshot:
    """Return the story with the matches replaced; in the slug, the replacement is written as a slug."""
    by_field: defaultdict[tuple[UUID | None, str], list[TextMatch]] = defaultdict(list)
    for place in places:
        by_field[place.key, place.field].append(place.span)

    def updated(key: UUID | None, thing: Any) -> Any:
        changes: dict[str, str] = {}
        for field in _fields_of(thing):
            if (key, field) not in by_field:
                continue
            value, at = getattr(thing, field), by_field[key, field]
            if field == "slug":
                changes[field] = as_slug(replace_in_text(value, at, as_slug(replacement), html=False))
            else:
                html = _is_html(thing, field)
                changes[field] = replace_in_text(value, at, replacement, html=html, keep_case=keep_case)
        return replace(thing, **changes) if changes else thing

    parts = {name: tuple(updated(part.key, part) for part in getattr(story, name)) for name in PART_FIELDS}
    result: StorySnapshot = replace(updated(None, story), **parts)
    return result


def replacement_text(place: FieldMatch, replacement: str, *, keep_case: bool = False) -> str:
    """Return the text that would replace a match."""
    return (
        as_slug(replacement)
        if place.field == "slug"
        else styled_like(place.span.found, replacement, keep_case=keep_case)
    )


def as_slug(words: str) -> str:
    """Return words as in an address: accents are dropped, letters of other scripts remain."""
    small = words.lower().translate(_NO_APOSTROPHES)
    letters = unicodedata.normalize("NFKD", small)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-".join(_SLUG_WORDS.findall(bare if bare.isascii() else normal_slug(small)))


def _texts(story: StoryContent) -> Iterator[tuple[UUID | None, Any, str]]:
    yield from ((None, story, field) for field in _STORY_TEXTS)
    # The body comes first, as on the page.
    for name in ("blocks", "bylines", "comment_requests", "update_notes"):
        for part in getattr(story, name):
            yield from ((part.key, part, field) for field in _fields_of(part))


def _fields_of(thing: Any) -> tuple[str, ...]:
    return _STORY_TEXTS if isinstance(thing, StoryContent) else _PART_TEXTS[type(thing)]


def _is_html(thing: Any, field: str) -> bool:
    return field == "text" and isinstance(thing, ProseBlock)


def _in_slug(slug: str, words: SearchWords) -> list[TextMatch]:
    needle = as_slug(words.text)
    return text_matches(slug, SearchWords(needle, whole_words=True), html=False) if needle else []

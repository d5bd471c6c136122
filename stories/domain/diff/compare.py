"""Compare two contents of a story: `diff(old, new)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from stories.domain.diff.body import body_units, text_of
from stories.domain.diff.data import (
    BlockUnit,
    BodyUnit,
    FieldDiff,
    Op,
    PartDiff,
    Piece,
    StoryDiff,
    StoryTooLong,
    Summary,
    TextUnit,
    WordOp,
)
from stories.domain.diff.summary import summarize
from stories.domain.diff.words import word_ops
from stories.domain.snapshot import BLOCK_KINDS, STORY_FIELDS, Block, Part, StoryContent
from stories.domain.text.alignment import equal_runs, interned
from stories.domain.text.segments import count_words

__all__ = [
    "MAX_WORDS",
    "BlockUnit",
    "BodyUnit",
    "FieldDiff",
    "Op",
    "PartDiff",
    "Piece",
    "StoryDiff",
    "StoryTooLong",
    "Summary",
    "TextUnit",
    "WordOp",
    "diff",
]

# A story has at most MAX_WORDS; above MAX_COMPARED_WORDS only its paragraphs are compared.
MAX_WORDS = 100_000
MAX_COMPARED_WORDS = 20_000

# Plain texts that are compared by words; of the other fields both values are displayed.
_WORDED = frozenset("headline dek disclosure dateline credited_as party sentence text was now".split()).union(
    *(block.words for block in BLOCK_KINDS.values())
)


def diff(old: StoryContent, new: StoryContent) -> StoryDiff:
    """Return everything that differs between two contents of a story, down to the words.

    The keys of a side's parts must be unique. Raise StoryTooLong if a side has more than MAX_WORDS words.
    """
    longest = max(_words(old), _words(new))
    if longest > MAX_WORDS:
        raise StoryTooLong(
            f"The story has {longest:,} words, and at most {MAX_WORDS:,} can be compared."
            " Nothing was changed. Split it into several stories."
        )
    paragraphs_only = longest > MAX_COMPARED_WORDS
    story = tuple(_field(name, getattr(old, name), getattr(new, name)) for name in STORY_FIELDS)
    bylines = _parts(old.bylines, new.bylines)
    requests = _parts(old.comment_requests, new.comment_requests)
    notes = _parts(old.update_notes, new.update_notes)
    body = body_units(old.blocks, new.blocks, head_fields=_block_fields, paragraphs_only=paragraphs_only)
    return StoryDiff(
        fields=story,
        bylines=bylines,
        comment_requests=requests,
        update_notes=notes,
        body=body,
        summary=summarize(story, bylines, requests, notes, body),
        paragraphs_only=paragraphs_only,
    )


def _words(story: StoryContent) -> int:
    """Return how many words the body has, 0 for a short one.

    A body with few characters is not counted, since a word has at least one character.
    """
    texts = [text_of(block) for block in story.blocks]
    return 0 if sum(map(len, texts)) <= MAX_COMPARED_WORDS else sum(map(count_words, texts))


def _field(name: str, old: Any, new: Any) -> FieldDiff:
    if old == new:
        return FieldDiff(name=name, old=old, new=old)
    words: tuple[WordOp, ...] = ()
    if name in _WORDED and isinstance(old, str) and isinstance(new, str):
        words = word_ops(old, new, plain=True)
    return FieldDiff(name=name, old=old, new=new, words=words)


def _part_fields(old: Part, new: Part) -> tuple[FieldDiff, ...]:
    return tuple(
        _field(field.name, getattr(old, field.name), getattr(new, field.name))
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    )


def _block_fields(old: Block, new: Block) -> tuple[FieldDiff, ...]:
    """Return the changed fields of a head; between two kinds, the kind and the fields that both have."""
    if type(old) is type(new):
        return _part_fields(old, new)
    common = {field.name for field in fields(old)} & {field.name for field in fields(new)} - {"key", "text"}
    kind = FieldDiff(name="kind", old=old.kind, new=new.kind)
    changed = [name for name in sorted(common) if getattr(old, name) != getattr(new, name)]
    return (kind, *(_field(name, getattr(old, name), getattr(new, name)) for name in changed))


def _parts(old: Sequence[Part], new: Sequence[Part]) -> tuple[PartDiff, ...]:
    """Compare keyed parts; return them in the new order, each deleted one after what preceded it."""
    old_places: dict[UUID, int] = {part.key: place for place, part in enumerate(old)}
    new_keys = {part.key for part in new}
    common = (
        [part.key for part in old if part.key in new_keys],
        [part.key for part in new if part.key in old_places],
    )
    staying = {
        common[0][place]
        for run in equal_runs(*interned(*common))
        for place in range(run.old, run.old + run.size)
    }
    removed: defaultdict[int, list[PartDiff]] = defaultdict(list)
    anchor = -1
    for place, part in enumerate(old):
        if part.key in staying:
            anchor = place
        elif part.key not in new_keys:
            removed[anchor].append(_part(part, None, place, None, moved=False))
    result = removed[-1]
    for place, part in enumerate(new):
        old_place = old_places.get(part.key)
        if old_place is None:
            result.append(_part(None, part, None, place, moved=False))
            continue
        moved = part.key not in staying
        result.append(_part(old[old_place], part, old_place, place, moved=moved))
        if not moved:
            result += removed[old_place]
    return tuple(result)


def _part(
    old: Part | None, new: Part | None, old_index: int | None, new_index: int | None, *, moved: bool
) -> PartDiff:
    changed: tuple[FieldDiff, ...] = ()
    if old is None:
        op = Op.INSERT
    elif new is None:
        op = Op.DELETE
    elif old == new:
        op, new = Op.EQUAL, old
    else:
        op, changed = Op.CHANGE, _part_fields(old, new)
    return PartDiff(
        op=op, moved=moved, old=old, new=new, fields=changed, old_index=old_index, new_index=new_index
    )

"""What a revision changed, and how much: in numbers and labels, without any of the story's words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from stories.domain.diff.body import text_of
from stories.domain.diff.compare import diff
from stories.domain.diff.data import TextUnit
from stories.domain.diff.summary import is_open_request, replaced_words
from stories.domain.snapshot import (
    EMPTY,
    STORY_FIELDS,
    Block,
    CommentRequest,
    Part,
    StoryContent,
)
from stories.domain.text.alignment import equal_runs, interned
from stories.domain.text.segments import count_words

# More places than this are only counted, not named.
MAX_PLACES = 3


class RevisionChange(NamedTuple):
    """One item of a change: what was changed, in which way, and how many words were added and removed.

    `what` is a field of the story, a kind of block ("text", "quote" ...), or "block", "byline", "request", "note";
    `action` is "begun", "added", "removed", "changed", "moved", "became", "opened" or "closed". `places` numbers the
    blocks among their kind, as editors know them ("quote 2"), and is empty if they are too many to name.
    """

    what: str
    action: str
    number: int = 1
    places: tuple[int, ...] = ()
    words_added: int = 0
    words_removed: int = 0


def changes_between(before: StoryContent, after: StoryContent) -> tuple[RevisionChange, ...]:
    """Return the changes between two contents of a story, in the order in which a page lists them.

    A story that begins is one change. The work grows with the size of the change, not of the story.
    """
    if before == EMPTY != after:
        words = sum(count_words(text_of(block)) for block in after.blocks)
        return (RevisionChange("story", "begun", len(after.blocks), words_added=words),)
    return (
        *(RevisionChange(name, "changed") for name in _fields(before, after)),
        *_blocks(before.blocks, after.blocks),
        *_bylines(before.bylines, after.bylines),
        *_requests(before.comment_requests, after.comment_requests),
        *_notes(before.update_notes, after.update_notes),
    )


def changes_to_json(changes: Iterable[RevisionChange]) -> list[list[Any]]:
    """Return changes as JSON values."""
    return [[*change[:3], list(change.places), *change[4:]] for change in changes]


def changes_from_json(data: Iterable[Sequence[Any]]) -> tuple[RevisionChange, ...]:
    """Return the changes that `changes_to_json` wrote."""
    return tuple(
        RevisionChange(what, action, count, tuple(places), added, removed)
        for what, action, count, places, added, removed in data
    )


def _fields(before: StoryContent, after: StoryContent) -> Iterator[str]:
    """Return the plain fields that changed; a changed section is reported by its slug alone, not also by its name."""
    changed = [name for name in STORY_FIELDS if getattr(before, name) != getattr(after, name)]
    return (name for name in changed if name != "section_name" or "section" not in changed)


def _blocks(before: Sequence[Block], after: Sequence[Block]) -> Iterator[RevisionChange]:
    old, new = {block.key: block for block in before}, {block.key: block for block in after}
    changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    added, removed = _words(
        [block for block in before if block.key in changed],
        [block for block in after if block.key in changed],
    )
    numbers = _numbered(before) | _numbered(after)
    gathered: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    for block in (*after, *(block for block in before if block.key not in new)):
        if block.key in changed:
            gathered[block.kind, _part_action(old.get(block.key), new.get(block.key))].append(block.key)
    for (kind, action), keys in gathered.items():
        yield RevisionChange(
            kind,
            action,
            len(keys),
            tuple(numbers[key] for key in keys) if len(keys) <= MAX_PLACES else (),
            sum(added[key] for key in keys),
            sum(removed[key] for key in keys),
        )
    moved = _moved([block.key for block in before], [block.key for block in after])
    if moved:
        yield RevisionChange("block", "moved", moved)


def _part_action(old: Part | None, new: Part | None) -> str:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    return "changed" if type(old) is type(new) else "became"


def _numbered(blocks: Sequence[Block]) -> dict[UUID, int]:
    counts: Counter[str] = Counter()
    numbers = {}
    for block in blocks:
        counts[block.kind] += 1
        numbers[block.key] = counts[block.kind]
    return numbers


def _words(before: Sequence[Block], after: Sequence[Block]) -> tuple[Counter[UUID], Counter[UUID]]:
    """Return how many words were added to and removed from each block; words moved between blocks count as neither."""
    added: Counter[UUID] = Counter()
    removed: Counter[UUID] = Counter()
    if not any(text_of(block) for block in (*before, *after)):
        return added, removed
    found = diff(replace(EMPTY, blocks=tuple(before)), replace(EMPTY, blocks=tuple(after)))
    for unit in found.body:
        if isinstance(unit, TextUnit):
            new_words, old_words, replaced = replaced_words(unit.words)
            added[unit.key] += new_words + replaced
            removed[unit.key] += old_words + replaced
    return added, removed


def _moved(before: Sequence[UUID], after: Sequence[UUID]) -> int:
    """Return how many of the parts on both sides changed their place in the order."""
    both = set(before) & set(after)
    sides = [[key for key in side if key in both] for side in (before, after)]
    if sides[0] == sides[1]:
        return 0
    return len(both) - sum(run.size for run in equal_runs(*interned(*sides)))


def _bylines(before: Sequence[Part], after: Sequence[Part]) -> Iterator[RevisionChange]:
    if before != after:
        yield RevisionChange("byline", "changed")


def _requests(before: Sequence[CommentRequest], after: Sequence[CommentRequest]) -> Iterator[RevisionChange]:
    actions: Counter[str] = Counter()
    for old, new in _pairs(before, after):
        was_open, is_open = is_open_request(old), is_open_request(new)
        actions["opened" if is_open > was_open else "closed" if was_open > is_open else "changed"] += 1
    for action, count in actions.items():
        yield RevisionChange("request", action, count)


def _notes(before: Sequence[Part], after: Sequence[Part]) -> Iterator[RevisionChange]:
    actions = Counter(_part_action(old, new) for old, new in _pairs(before, after))
    for action, count in actions.items():
        yield RevisionChange("note", action, count)


def _pairs(before: Sequence[Part], after: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Yield the old and the new version of each part that differs."""
    old, new = {part.key: part for part in before}, {part.key: part for part in after}
    for key in {**new, **old}:
        if old.get(key) != new.get(key):
            yield old.get(key), new.get(key)

"""Three-way merge of an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from stories.domain.text.alignment import equal_runs, interned

Key = TypeVar("Key")


def merge_order(
    base: Sequence[Key],
    mine: Sequence[Key],
    theirs: Sequence[Key],
    *,
    keys: Collection[Key],
    prefer_theirs: bool,
) -> tuple[list[Key], list[Key]]:
    """Merge both sides' orders of `keys`; return it with the keys that both moved to different places.

    What one side moved or added goes behind the element that precedes it on that side. Each of `keys` is in `mine` or
    `theirs`. An element that both moved is where the preferred side has it.
    """
    first, second = (theirs, mine) if prefer_theirs else (mine, theirs)
    moved_first, moved_second = moved(base, first), moved(base, second)
    both = moved_first & moved_second
    present, known = set(first), set(base)
    guests = {key for key in second if key in keys and (key not in present or key in moved_second - both)}
    result = [key for key in first if key in keys and key not in guests]
    # The second side's additions come after those of the first side at the same place.
    own = present - known - set(second)
    placed = set(result)
    before: Key | None = None
    for key in second:
        if key in guests:
            at = result.index(before) + 1 if before is not None else 0
            while at < len(result) and result[at] in own and key not in known:
                at += 1
            result.insert(at, key)
            placed.add(key)
        if key in placed:
            before = key
    apart = [
        key for key in first if key in both and _before(first, key, second) != _before(second, key, first)
    ]
    return result, apart


def moved(base: Sequence[Key], side: Sequence[Key]) -> set[Key]:
    """Return the fewest elements whose removal leaves the elements common to both in the same order."""
    known, present = set(base), set(side)
    olds, news = [key for key in base if key in present], [key for key in side if key in known]
    runs = equal_runs(*interned(olds, news))
    staying = {olds[place] for run in runs for place in range(run.old, run.old + run.size)}
    return set(olds) - staying


def _before(order: Sequence[Key], key: Key, other: Sequence[Key]) -> Key | None:
    common = set(other)
    before = None
    for element in order:
        if element == key:
            return before
        if element in common:
            before = element
    return before

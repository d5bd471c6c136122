"""Find paragraphs that were joined into one, or one that was split into several, by the words that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from stories.domain.text.alignment import Item, Run, equal_runs, interned
from stories.domain.text.segments import word_list

# How much of each part must be in the whole, and how much of the whole must be its parts.
_OF_A_PART = 0.6
_OF_THE_WHOLE = 0.5
# A stretch with more pairs of words than this is not examined.
_MAX_PAIRS = 4_000_000
# The ratio of lengths above which two texts are more than edits of each other.
_OTHER_LENGTH = 1.4


def joined_paragraphs(
    old: Sequence[Item], new: Sequence[Item], old_places: Sequence[Hashable], new_places: Sequence[Hashable]
) -> tuple[list[range], list[range]]:
    """Return the stretches of each side that correspond to a single item of the other.

    Only neighbours of the same place are joined, and none whose place is None. Items between two contents are
    included.
    """
    olds = [number for number, item in enumerate(old) if item.content]
    news = [number for number, item in enumerate(new) if item.content]
    keys = interned(
        (" ".join(old[number].raw.split()) for number in olds),
        (" ".join(new[number].raw.split()) for number in news),
    )
    joined: tuple[list[range], list[range]] = ([], [])
    old_at = new_at = 0
    for run in [*equal_runs(*keys), Run(len(olds), len(news), 0)]:
        before, after = olds[old_at : run.old], news[new_at : run.new]
        if _may_be_joined([old[number].raw for number in before], [new[number].raw for number in after]):
            removed = [word_list(old[number].raw) for number in before]
            added = [word_list(new[number].raw) for number in after]
            shared = _shared(removed, added)
            joined[0].extend(_wholes(before, removed, added, shared, old_places))
            transposed = Counter({(j, i): count for (i, j), count in shared.items()})
            joined[1].extend(_wholes(after, added, removed, transposed, new_places))
        old_at, new_at = run.old + run.size, run.new + run.size
    return joined


def _may_be_joined(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether to look closer: as many texts of similar lengths on both sides are edits of each other."""
    if not old or not new or len(old) + len(new) == 2 or _pairs(old, new) > _MAX_PAIRS:
        return False
    if len(old) != len(new):
        return True
    return any(
        max(len(before), len(after)) > _OTHER_LENGTH * min(len(before), len(after))
        for before, after in zip(old, new, strict=True)
    )


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """Estimate how many pairs of words there are, at five letters and a space a word."""
    return sum(map(len, old)) * sum(map(len, new)) // 36


def _shared(old: Sequence[list[str]], new: Sequence[list[str]]) -> Counter[tuple[int, int]]:
    """Return how many words, in order, each text of one side shares with each text of the other."""
    old_words, new_words = ([word for text in side for word in text] for side in (old, new))
    shared: Counter[tuple[int, int]] = Counter()
    owners = [[number for number, text in enumerate(side) for _ in text] for side in (old, new)]
    for run in equal_runs(*interned(old_words, new_words)):
        for step in range(run.size):
            shared[owners[0][run.old + step], owners[1][run.new + step]] += 1
    return shared


def _wholes(
    numbers: Sequence[int],
    parts: Sequence[list[str]],
    wholes: Sequence[list[str]],
    shared: Counter[tuple[int, int]],
    places: Sequence[Hashable],
) -> list[range]:
    """Return the stretches of parts that together are one text of the other side."""
    found = []
    for whole, words in enumerate(wholes):
        within = [
            number
            for number, part in enumerate(parts)
            if part and shared[number, whole] >= _OF_A_PART * len(part)
        ]
        if len(within) < 2 or within[-1] - within[0] != len(within) - 1:
            continue
        there = [places[numbers[number]] for number in within]
        if there[0] is None or any(place != there[0] for place in there):
            continue
        if sum(shared[number, whole] for number in within) >= _OF_THE_WHOLE * len(words):
            found.append(range(numbers[within[0]], numbers[within[-1]] + 1))
    return found


def stretched(size: int, joined: Sequence[range]) -> list[range]:
    """Return all numbers below `size` in stretches: joined ones together, the others by themselves."""
    starts = {stretch.start: stretch for stretch in joined}
    result = []
    number = 0
    while number < size:
        stretch = starts.get(number, range(number, number + 1))
        result.append(stretch)
        number = stretch.stop
    return result

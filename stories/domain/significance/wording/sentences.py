"""Align the sentences of two texts, and their words if parts of a sentence moved."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from stories.domain.significance.lexicon.vocabulary import NUMBER_VALUES
from stories.domain.significance.text import Text, Word
from stories.domain.text.alignment import Run

# Longer sentences are lists, or not sentences: trying all rotations would take too long.
_LONGEST: Final = 120
_NO_FIGURES: Final = frozenset(("one", "may", "march", "second"))


def aligned_by_sentence(old: Text, new: Text, runs: Sequence[Run]) -> list[Run]:
    """Return the runs of equal words, adjusted so that a sentence of which one part moved has only two runs.

    A longest common subsequence may match an article of one part with that of the other.
    """
    found = list(runs)
    waiting: defaultdict[tuple[str, ...], deque[tuple[int, int]]] = defaultdict(deque)
    for at in _sentences(new):
        waiting[bag(new.words[slice(*at)])].append(at)
    for before in _sentences(old):
        partners = waiting.get(bag(old.words[slice(*before)]))
        if partners:
            after = partners.popleft()
            was, now = _norms(old, before), _norms(new, after)
            swapped = _rotation(was, now) or [Run(run.new, run.old, run.size) for run in _rotation(now, was)]
            if swapped:
                found = _replaced(found, before, after, swapped)
    return found


def bag(words: Sequence[Word]) -> tuple[str, ...]:
    """Return words regardless of their order, without "that", which may disappear when an attribution moves."""
    return tuple(sorted(spelled(word) for word in words if word.norm != "that"))


def spelled(word: Word) -> str:
    """Return a word, or the figure that it stands for: at the beginning of a sentence, figures are written out."""
    return word.norm if word.norm in _NO_FIGURES else NUMBER_VALUES.get(word.norm, word.norm)


def _sentences(text: Text) -> Iterator[tuple[int, int]]:
    starts = [number for number, word in enumerate(text.words) if word.opens or not number]
    yield from pairwise([*starts, len(text.words)])


def _norms(text: Text, span: tuple[int, int]) -> list[str]:
    return [spelled(word) for word in text.words[slice(*span)]]


def _rotation(old: list[str], new: list[str]) -> list[Run]:
    """Return the runs of a sentence of which two parts were swapped; none if anything else changed."""
    if old == new or max(len(old), len(new)) > _LONGEST:
        return []
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    # Try the whole sentence first: both of its parts may begin with "the".
    return _swapped_parts(old, new, 0, 0) or _swapped_parts(old, new, start, tail)


def _swapped_parts(old: list[str], new: list[str], start: int, tail: int) -> list[Run]:
    """Return the runs of two sentences that begin and end alike, and have two parts swapped in between."""
    one, other = old[start : len(old) - tail], new[start : len(new) - tail]
    for cut in range(1, len(one)):
        first, second = one[:cut], one[cut:]
        if first[-1:] == ["that"] and second + first != other:
            first = first[:-1]
        if second + first == other:
            unmoved = Run(start + cut, start, len(second))
            if len(first) > len(second):
                unmoved = Run(start, start + len(second), len(first))
            ends = Run(len(old) - tail, len(new) - tail, tail)
            return [run for run in (Run(0, 0, start), unmoved, ends) if run.size]
    return []


def _replaced(
    runs: Sequence[Run], old: tuple[int, int], new: tuple[int, int], inner: Sequence[Run]
) -> list[Run]:
    """Return the runs with those of one sentence replaced by `inner`; unchanged if the sentence itself moved."""
    before, after = [], []
    for run in runs:
        ahead = min(old[0] - run.old, new[0] - run.new, run.size)
        if ahead > 0:
            before.append(Run(run.old, run.new, ahead))
        behind = max(old[1] - run.old, new[1] - run.new, 0)
        if behind < run.size:
            after.append(Run(run.old + behind, run.new + behind, run.size - behind))
        if run.old + run.size <= old[0] and run.new >= new[1]:
            return list(runs)
        if run.new + run.size <= new[0] and run.old >= old[1]:
            return list(runs)
    # Text before or behind a sentence must not be in a gap of the sentence.
    inner = [Run(0, 0, 0), *inner, Run(old[1] - old[0], new[1] - new[0], 0)]
    return [*before, *(Run(run.old + old[0], run.new + new[0], run.size) for run in inner), *after]


def sentence_of(text: Text, number: int) -> tuple[int, int]:
    """Return the first and the last word (exclusive) of a word's sentence."""
    start = number
    while start > 0 and not text.words[start].opens:
        start -= 1
    end = number + 1
    while end < len(text.words) and not text.words[end].opens:
        end += 1
    return start, end

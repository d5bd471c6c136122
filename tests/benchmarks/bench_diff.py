"""What a diff costs: a story of many words with a few changed, and two that have nothing to do with each other."""

from __future__ import annotations

import random
import time
from uuid import UUID

from stories.domain.diff.compare import diff
from stories.domain.merge.merge import merge
from stories.domain.snapshot import StorySnapshot, TextBlock

VOCABULARY = 6_000
CHANGED = 0.02
PARAGRAPH = 60
ROUNDS = 5


def run() -> list[tuple[str, float, str, float | None]]:
    dice = random.Random(18)
    figures: list[tuple[str, float, str, float | None]] = []
    for count, target in ((1_000, 10.0), (10_000, 80.0)):
        words = _words(dice, count)
        edited = [_word(dice) if dice.random() < CHANGED else word for word in words]
        for shape, length in (("in paragraphs", PARAGRAPH), ("in one paragraph", count)):
            old, new = _story(words, length), _story(edited, length)
            figures.append((f"diff of {count:,} words, 2 % changed, {shape}", _took(old, new), "ms", target))
    for shape, length in (("in paragraphs", PARAGRAPH), ("in one paragraph", 10_000), ("in lines", 10)):
        old, new = (_story(_words(dice, 10_000), length) for _ in range(2))
        figures.append(
            (f"diff of two unrelated texts of 10,000 words, {shape}", _took(old, new), "ms", 300.0)
        )
    old, new = (_story(_words(dice, 100_000), PARAGRAPH) for _ in range(2))
    figures.append(("diff of two unrelated texts of 100,000 words", _took(old, new, rounds=1), "ms", None))
    half = _words(dice, 10_000)
    mine, theirs = list(half), list(half)
    mine[:100], theirs[-100:] = _words(dice, 100), _words(dice, 100)
    base, ours, others = (_story(side, PARAGRAPH) for side in (half, mine, theirs))
    start = time.process_time()
    merge(base, ours, others)
    figures.append(("merge of two edits of 10,000 words", (time.process_time() - start) * 1000, "ms", None))
    return figures


def _took(old: StorySnapshot, new: StorySnapshot, *, rounds: int = ROUNDS) -> float:
    """The best of some rounds, in milliseconds of processor time: what else runs here is not the diff's cost."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        diff(old, new)
        times.append(time.process_time() - start)
    return min(times) * 1000


def _word(dice: random.Random) -> str:
    # Few words are common and most are rare, as in any language.
    return f"w{int(VOCABULARY ** dice.random())}"


def _words(dice: random.Random, count: int) -> list[str]:
    return [_word(dice) for _ in range(count)]


def _story(words: list[str], paragraph: int) -> StorySnapshot:
    text = "".join(
        f"<p>{' '.join(words[start : start + paragraph])}.</p>\n" for start in range(0, len(words), paragraph)
    )
    return StorySnapshot(headline="A story", blocks=(TextBlock(key=UUID(int=1), text=text),))

"""What readers take from the words of a stretch: figures, addresses, attributions, and their context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from stories.domain.significance.lexicon.characters import letters, normal, values
from stories.domain.significance.lexicon.vocabulary import NUMBER_VALUES, REPORTING, figure
from stories.domain.significance.text import CELL, Text, Word
from stories.domain.text.alignment import Run

_ADDRESS = re.compile(r"@\w|[^\W\d]\.[a-z]{2,}")
# Letters and digits together, but neither a unit ("5K", "10GB") nor an ordinal.
_CODE = re.compile(r"(?=\w*\d)(?=\w*[A-Z])(?!\d+(?:K|M|B|G|C|[KMGT]B|ST|ND|RD|TH|AM|PM|D)$)\w+")
# Number of words of context on either side of a change; function words at their ends are left out.
_CONTEXT = 3
EMPTY_WORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his in into is it its of on or our she so than"
    " that the their them they this to was we were which who whose will with would you".split()
)


def without_chance_runs(runs: Iterable[Run], old_size: int, new_size: int) -> list[Run]:
    """Return the runs without accidental matches, such as an "of the" amid a rewritten sentence."""
    runs = list(runs)
    result: list[Run] = []
    old_at = new_at = 0
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else Run(old_size, new_size, 0)
        before = max(run.old - old_at, run.new - new_at)
        after = max(following.old - run.old - run.size, following.new - run.new - run.size)
        if run.size * 2 <= min(before, after):
            continue
        result.append(run)
        old_at, new_at = run.old + run.size, run.new + run.size
    return result


def stretches(steps: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield consecutive numbers as pairs of first and last."""
    first = last = -2
    for step in steps:
        if step != last + 1:
            if first >= 0:
                yield first, last
            first = step
        last = step
    if first >= 0:
        yield first, last


def letters_of(text: str) -> str:
    return letters(normal(text))


def same_letters(old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int]) -> bool:
    """Return whether two stretches differ in hyphens, apostrophes and spaces alone, and mean the same figures."""
    removed, added = old.words[slice(*old_range)], new.words[slice(*new_range)]
    if not removed or not added or any(word.style or word.text == CELL for word in (*removed, *added)):
        return False
    if "".join(letters(word.norm) for word in removed) != "".join(letters(word.norm) for word in added):
        return False
    return same_values(old, old_range, new, new_range)


def same_values(old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int]) -> bool:
    """Return whether the digits of two stretches make the same numbers."""
    return values(_written(old, *old_range)) == values(_written(new, *new_range))


def _written(text: Text, start: int, end: int) -> str:
    return text.plain[text.words[start].start : text.words[end - 1].end] if start < end else ""


def is_address(word: Word) -> bool:
    return _ADDRESS.search(word.norm) is not None


def _figure(word: Word) -> str:
    """Return the value of a word as a figure, "" if it is none.

    "18F" and "H1N1" are names, "18f.example" is an address.
    """
    if word.norm.isalpha() and word.norm not in NUMBER_VALUES and not any(map(str.isnumeric, word.norm)):
        return ""
    if _ADDRESS.search(word.norm) or is_code(word):
        return ""
    found = figure(word.text, word.norm)
    sign = "-" if found and word.norm.startswith("-") else ""
    return f"{sign}{word.style}{found}" if found else ""


def is_code(word: Word) -> bool:
    """Return whether a word is a name made of letters and digits, such as "F16"."""
    return _CODE.fullmatch(word.text) is not None


def is_figure(word: Word) -> bool:
    return bool(_figure(word))


def figure_words(words: Sequence[Word]) -> list[Word]:
    """Return the figures of a stretch, including the "per" of "per cent"."""
    result = []
    for number, word in enumerate(words):
        per_cent = word.norm == "per" and number + 1 < len(words) and words[number + 1].norm == "cent"
        if per_cent or is_figure(word):
            result.append(word)
    return result


def figures(words: Sequence[Word]) -> str:
    parts = ["" if word.norm == "per" else _figure(word) for word in figure_words(words)]
    text = " ".join(part for part in parts if part)
    return re.sub(r"\bcent\b", "%", text) if any(word.norm == "per" for word in words) else text


def only_pronoun_one(removed: Sequence[Word], added: Sequence[Word]) -> bool:
    """Return whether the only figure is "one" for "somebody" or "a", which is no figure."""
    figures = [{word.norm for word in side if is_figure(word)} for side in (removed, added)]
    return set() in figures and {"one"} in figures


def reporting(word: Word) -> str:
    return "" if word.quoted else REPORTING.get(word.norm, "")


def narrowed(text: Text, start: int, end: int, has: Callable[[Word], bool]) -> tuple[int, int]:
    """Return the stretch of the words for which `has` holds, widened to neighbours for which it does."""
    places = [number for number in range(start, end) if has(text.words[number])]
    if not places:
        return start, start
    first, last = places[0], places[-1]
    while first and has(text.words[first - 1]) and _adjoin(text, first - 1):
        first -= 1
    while last + 1 < len(text.words) and has(text.words[last + 1]) and _adjoin(text, last):
        last += 1
    return first, last + 1


def _adjoin(text: Text, number: int) -> bool:
    between = text.plain[text.words[number].end : text.words[number + 1].start]
    return not between.strip(" \u00a0.,") and "\n" not in between and not text.words[number + 1].opens


def context(text: Text, start: int, end: int) -> str:
    """Return a stretch with the words around it, inside its sentence."""
    words = text.words
    if not words:
        return ""
    first, last = start, end
    while first > 0 and start - first < _CONTEXT and (first >= len(words) or not words[first].opens):
        first -= 1
    while last < len(words) and last - end < _CONTEXT and not (words[last].opens and last > start):
        last += 1
    while first < start and words[first].norm in EMPTY_WORDS:
        first += 1
    while last > end and words[last - 1].norm in EMPTY_WORDS:
        last -= 1
    return text.between(first, last)

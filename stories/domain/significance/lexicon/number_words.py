"""The value of a number that is written in words, in digits, or in both: "a hundred", "1.5 million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from stories.domain.significance.lexicon.vocabulary import NUMBER_VALUES

_DIGITS: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_TIMES: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_HUNDRED: Final = 100
_TENS: Final = range(20, 100, 10)


def spoken_value(words: Sequence[str]) -> Fraction | None:
    """Return the value of words that are one number, None if they are anything else."""
    parts = [part for word in words for part in word.split("-") if part != "and"]
    if parts[:1] in (["a"], ["an"]) and parts[1:2] and parts[1] in _TIMES:
        parts[0] = "one"
    if not parts:
        return None
    total = group = Fraction(0)
    # What is added to a group must be less than `below`, and a group must be of smaller magnitude than the last.
    below: int | None = None
    magnitude: int | None = None
    for part in parts:
        if part not in _TIMES:
            value = _simple(part)
            if value is None or (below is not None and not 0 < value < below):
                return None
            group += value
            below = 10 if part.isalpha() and value in _TENS else 0
        elif part == "hundred":
            group, below = (group or Fraction(1)) * _HUNDRED, _HUNDRED
        else:
            times = _TIMES[part]
            if magnitude is not None and times >= magnitude:
                return None
            total, group = total + (group or Fraction(1)) * times, Fraction(0)
            below, magnitude = None, times
    return total + group


def is_magnitude(word: str) -> bool:
    return word in _TIMES


def _simple(part: str) -> Fraction | None:
    if _DIGITS.fullmatch(part):
        return Fraction(part.replace(",", ""))
    value = NUMBER_VALUES.get(part, "")
    return Fraction(value) if value.isdigit() else None

"""Other spellings of a name: with other letters, or its words in another order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final

from stories.domain.text.word_form import SPELT_OUT

_SPELT_IN: Final = {"ae": "ä", "oe": "ö", "ue": "ü", "aa": "å", "dj": "đ"}
_UMLAUT: Final = re.compile("|".join(SPELT_OUT), re.IGNORECASE)
_SPELT: Final = re.compile("|".join(_SPELT_IN), re.IGNORECASE)
# With more words that have umlauts, all of them are spelled alike: it is a passage, not a name.
_MOST_MIXED: Final = 3
# "Doe, Jo", and what follows a name behind a comma or without: "King, Jr."
_LAST_NAME_FIRST: Final = re.compile(r"([^\W\d_][^,]*), ([^\W\d_][^,]*)")
# Signs that transcribe Arabic letters, and are often left out: "ʿAlī".
_HALF_RINGS: Final = re.compile("[ʾʿ]")
_GENERATION: Final = re.compile(r",? (?=(?:Jr|Sr)\.?$)", re.IGNORECASE)


def other_spellings(words: str) -> Iterator[str]:
    """Yield the other spellings of a name that have other letters, or its words in another order.

    Umlauts are spelled out, or spelled-out umlauts written as one letter; "Doe, Jo" becomes "Jo Doe"; "King, Jr." is
    spelled without its comma, and with it; "ʿAlī" without the sign of its first letter.
    """
    composed = unicodedata.normalize("NFC", words)
    names = [composed, _HALF_RINGS.sub("", composed)]
    last_name_first = _LAST_NAME_FIRST.fullmatch(composed)
    if _GENERATION.search(composed):
        names += [_GENERATION.sub(" ", composed), _GENERATION.sub(", ", composed)]
    elif last_name_first and all(word[0].isupper() for word in composed.split()):
        names.append(f"{last_name_first[2]} {last_name_first[1]}")
    found = dict.fromkeys(each for name in names for each in (name, *_umlauts(name)))
    yield from (each for each in found if each != composed)


def _umlauts(name: str) -> Iterator[str]:
    """Yield a name with umlauts spelled out, and with spelled-out umlauts as one letter, in some words or in all."""
    words = re.split("([ -])", name)
    spelt_out = [_respelt(word, _UMLAUT, SPELT_OUT) for word in words]
    spelt_in = [_respelt(word, _SPELT, _SPELT_IN) for word in words]
    choices = [dict.fromkeys(each) for each in zip(words, spelt_out, spelt_in, strict=True)]
    if sum(len(each) > 1 for each in choices) <= _MOST_MIXED:
        yield from map("".join, product(*choices))
    else:
        yield from map("".join, (spelt_out, spelt_in))


def _respelt(word: str, letters: re.Pattern[str], instead: dict[str, str]) -> str:
    def respelt(found: re.Match[str]) -> str:
        other = instead[found[0].lower()]
        return other.capitalize() if found[0][0].isupper() else other

    return letters.sub(respelt, word)

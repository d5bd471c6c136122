"""Decide whether a text is visible, and whether it says anything: a note without words is no note."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, which `unicodedata` lacks, and the braille
# pattern without a dot: all of them are invisible. Unicode classes some as letters: the Hangul fillers.
_INVISIBLE: Final = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# Scripts that put no space between words, and Hangul, of which a syllable or two are a word: blocks of Unicode.
_UNSPACED: Final = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3100, 0x312F),  # Bopomofo
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Han
    (0xA000, 0xA4CF),  # Yi
    (0xA980, 0xA9FF),  # Javanese, Myanmar
    (0xAA60, 0xAADF),  # Myanmar, Tai Viet
    (0xAC00, 0xD7A3),  # Hangul syllables
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# The categories of format, control and space characters, and of marks without a letter.
_SHOWS_NOTHING: Final = frozenset({"Cf", "Cc", "Cn", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
_APOSTROPHES: Final = "'’ʼ"
# Shorter words are initials, signs or typing errors.
_WORD: Final = 3


@dataclass(frozen=True, slots=True)
class _Words:
    """The distinct words of scripts with spaces, and the number of letters of scripts without."""

    spaced: frozenset[str]
    unspaced: int


def is_legible(text: str) -> bool:
    """Return whether any character of a text is visible; a full stop is enough."""
    return any(
        unicodedata.category(letter) not in _SHOWS_NOTHING and not _is_among(letter, _INVISIBLE)
        for letter in text
    )


def says_something(text: str) -> bool:
    """Return whether a text has a word: of three letters, or two of a script that puts no space between words."""
    return _has_word(_words(text))


def has_words(text: str) -> bool:
    """Return whether a text says something in at least two words, or two letters of a script without spaces."""
    words = _words(text)
    return _has_word(words) and len(words.spaced) + words.unspaced >= 2


def _has_word(words: _Words) -> bool:
    return words.unspaced >= 2 or any(_is_word(word) for word in words.spaced)


def _is_word(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) >= _WORD and len(set(letters)) > 1


def _words(text: str) -> _Words:
    found = list(_tokens(text))
    unspaced = sum(_is_among(token[0], _UNSPACED) for token in found)
    return _Words(frozenset(token for token in found if not _is_among(token[0], _UNSPACED)), unspaced)


def _tokens(text: str) -> Iterator[str]:
    """Yield the words of scripts with spaces, including figures, and the single letters of the others."""
    word = ""
    # Lookalikes count as the letter: a raised x, a circled one.
    for letter in unicodedata.normalize("NFKC", text).casefold():
        category = unicodedata.category(letter)
        if _is_among(letter, _INVISIBLE) or category.startswith("M") or letter in _APOSTROPHES:
            continue
        is_letter = category.startswith("L") and category != "Lm"
        if (is_letter and not _is_among(letter, _UNSPACED)) or category == "Nd":
            word += letter
            continue
        if word:
            yield word
            word = ""
        if is_letter:
            yield letter
    if word:
        yield word


def _is_among(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(letter)
    place = bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and code <= ranges[place][1]

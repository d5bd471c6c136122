"""Split text into words.

A word is what a reader would call one: "don't", "1,200.50", "12%", "$5", "well-known", "AT&amp;T". Scripts without
spaces between words are split into characters, each with its vowel signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Han (with its iteration marks), kana, Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff"
    "\U00020000-\U0003ffff"
)
_SIGNS = "".join(
    chr(code)
    for first, last in (
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x3099, 0x309A),
        (0xAA60, 0xAA7F),
    )
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_PUNCTUATION = (
    re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~")
    + "¡§«¶·»¿£€¥₹₽₩₪₫₴\u2010-\u2027\u2030-\u205e\u3001-\u3004\u3008-\u3020\u302a-\u303f"
    + "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_SPACE_NAMES = r"(?:nbsp|\#160|\#xa0|ensp|emsp|thinsp);"
_PUNCTUATION_NAMES = "(?:lt|gt|quot|ldquo|rdquo|lsquo|laquo|raquo|mdash|ndash|hellip|bull|middot);"
_SPACE = rf"(?:\s|&{_SPACE_NAMES})+"
_ENTITY = (
    rf"&(?!{_SPACE_NAMES}|{_PUNCTUATION_NAMES})"
    r"(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
)
_LETTER = rf"[^\s{_PUNCTUATION}{_UNSPACED}]"
# Written so that a text can be matched in only one way: without backtracking, hostile texts are as fast.
_LETTERS = rf"(?:{_LETTER}+(?:{_ENTITY}{_LETTER}*)*|(?:{_ENTITY}{_LETTER}*)+)"
# A full stop joins the parts of a word ("U.S", "example.org", "1.5"), but not two sentences without a space between
# them ("the sources.Then").
_SMALL, _CAPITAL = "a-zß-öø-ÿа-яё", "A-ZÀ-ÖØ-ÞА-ЯЁ"
_STOP = rf"\.(?!(?<=[{_SMALL}][{_SMALL}]\.)[{_CAPITAL}0-9]|(?<=[0-9]\.)[{_CAPITAL}][{_SMALL}])"
_JOINT = rf"(?:['\u2019@\u2010\u2011-]|{_STOP}|(?<=[0-9])[,:](?=[0-9]))"
_WORD = (
    rf"[{_UNSPACED}][{_SIGNS}]*"
    rf"|[$£€¥₹₽₩₪₫₴]?{_LETTERS}(?:{_JOINT}{_LETTERS})*(?:(?<=[0-9])[%‰])?"
)

_UNSPACED_SCRIPT = re.compile(f"[{_UNSPACED}]")
_WORDS = re.compile(_WORD)
_TOKENS = re.compile(rf"{_WORD}|{_SPACE}|&{_PUNCTUATION_NAMES}|.", re.DOTALL)


def words(text: str) -> list[str]:
    """Return the words of a text without tags, with entities as written."""
    return _WORDS.findall(text)


def word_matches(text: str) -> Iterator[re.Match[str]]:
    """Return the words of a text without tags, with their positions."""
    return _WORDS.finditer(text)


def split(text: str) -> list[str]:
    """Split a text without tags into words, white space and punctuation; joined they are the text again."""
    return _TOKENS.findall(text)


def has_unspaced_script(text: str) -> bool:
    """Return whether a text contains a script that puts no spaces between words."""
    return _UNSPACED_SCRIPT.search(text) is not None


def is_word(token: str) -> bool:
    """Return whether a token of `split` is a word."""
    return _WORDS.match(token) is not None

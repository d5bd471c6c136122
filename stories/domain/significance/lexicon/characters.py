"""Normalise the characters of words for comparison: which carry a value, and which carry none."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Controls that change the direction of the text.
TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LOWERED: Final = "₀₁₂₃₄₅₆₇₈₉₊₋"
_LEVEL: Final = "0123456789+-"
_TO_RAISED: Final = str.maketrans(_LEVEL + "\u2212\u2013", _RAISED + "⁻⁻")
_TO_LOWERED: Final = str.maketrans(_LEVEL + "\u2212\u2013", _LOWERED + "₋₋")
_FROM_RAISED: Final = str.maketrans(_RAISED, _LEVEL)
_FROM_LOWERED: Final = str.maketrans(_LOWERED, _LEVEL)
_RAISED_RUN: Final = re.compile(f"[{_RAISED}]+")
_LOWERED_RUN: Final = re.compile(rf"(?<=\d)[{_LOWERED}]+")
_APOSTROPHES: Final = re.compile("['’‘ʼ`´′]")
_ALL_DASHES: Final = re.compile(f"[{DASHES}]")
# Invisible characters: soft hyphens, zero-width characters, marks of direction, variation selectors.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]"
)
_STRUCK: Final = re.compile("[\u0335-\u0338\u20d2\u20d3\u20e5\u20eb]")
# Numbers with their separators.
_NUMBER: Final = re.compile(r"(?:(?<![\w.])-)?\d(?:[\d.,:/^' -]*\d)?")
_GROUPED: Final = re.compile(
    r"(?<![\d.])\d{1,3}(?:[, ']\d{3})+(?!\d)|(?<![\d.])\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
)

# Languages that group thousands by dots, and have a decimal comma.
_DOTTED: Final = frozenset(
    "de es it pt nl da nb nn no sv fi is tr id el ro hr sr sl bs hu cs sk pl bg uk ru ca gl eu lt lv et fr".split()
)
_BY_DOTS: Final = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:[.\s'’]\d{3})+(?![\d.])")
_DECIMALS: Final = re.compile(r"\d,\d+")


def raised(text: str) -> str:
    """Return digits and signs as superscript characters."""
    return text.translate(_TO_RAISED)


def lowered(text: str) -> str:
    """Return digits and signs as subscript characters."""
    return text.translate(_TO_LOWERED)


def visible(text: str) -> str:
    """Return a text without invisible characters."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def is_struck(text: str) -> bool:
    """Return whether characters of a text are struck out by combining marks."""
    return not text.isascii() and _STRUCK.search(text) is not None


def normal(text: str) -> str:
    """Return a text in the form in which it is compared: equal if it looks alike, different if it has another value.

    "10⁶" becomes "10^6", "5½" "5 1/2", "CO₂" "CO2"; digits of any script become ASCII digits.
    """
    return _APOSTROPHES.sub("'", one_form(text)).casefold().strip()


def one_form(text: str) -> str:
    """Return a text with lookalike characters unified; capitals and apostrophes are preserved."""
    if not text.isascii():
        text = _UNSEEN.sub("", text)
        text = _RAISED_RUN.sub(lambda run: "^" + run[0].translate(_FROM_RAISED), text)
        text = _LOWERED_RUN.sub(lambda run: "_" + run[0].translate(_FROM_LOWERED), text)
        text = "".join(map(_valued, text))
        text = unicodedata.normalize("NFKC", _STRUCK.sub("", text))
        text = _ALL_DASHES.sub("-", text)
    return text


def letters(text: str) -> str:
    """Return the meaningful characters of a normalised text: letters with their marks, digits, signs, pictures."""
    return "".join(
        char
        for char in text
        if char.isalnum()
        or char in "^_<>=+%$‰‱"
        or (char > "\x7f" and (_is_meaningful(char) or unicodedata.category(char)[0] == "M"))
    )


def signs(text: str) -> str:
    """Return the characters of a text that mean something without being letters or digits."""
    if text.isascii():
        return ""
    return "".join(char for char in text if _is_meaningful(char) and char not in "™®©¨´¸˜")


def values(text: str) -> tuple[str, ...]:
    """Return the numbers in a text without digit grouping, each with its sign and its parts."""
    if not any(char.isnumeric() for char in text):
        return ()
    text = re.sub(r"\s+", " ", re.sub(r"[$£€¥₹₽₩₪₫₴]", "", normal(text)))
    text = re.sub(r" ?- ?(?=\d)", lambda dash: dash[0] if dash[0] == " -" else "-", text)
    return tuple(_GROUPED.sub(_ungrouped, number[0]) for number in _NUMBER.finditer(text))


def grouped_alike(old: str, new: str, language: str) -> bool:
    """Return whether two texts differ only in digit grouping, in a language that groups thousands by dots."""
    if not _has_dots(language):
        return False
    before, after = (
        _BY_DOTS.sub(lambda number: re.sub(r"[.\s'’]", "", number[0]), text) for text in (old, new)
    )
    return old != new and any(char.isdigit() for char in old) and before == after


def decimals_differ(old: str, new: str, language: str) -> bool:
    """Return whether a decimal comma was added or removed, in a language that has one."""
    return _has_dots(language) and _DECIMALS.findall(old) != _DECIMALS.findall(new)


def _has_dots(language: str) -> bool:
    return language.lower().replace("_", "-").partition("-")[0] in _DOTTED


def _ungrouped(number: re.Match[str]) -> str:
    return re.sub("[, ']", "", number[0])


def _valued(char: str) -> str:
    if char < "\x80":
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) == "No" and "\u2044" in unicodedata.normalize("NFKC", char):
        return " " + unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    return "/" if char == "\u2044" else char


def _is_meaningful(char: str) -> bool:
    # Some flags differ only by tag characters, which are not displayed by themselves.
    return unicodedata.category(char)[0] == "S" or "\U000e0020" <= char <= "\U000e007f"

"""Look up whether a word is known, and whether one word is a misspelling of another.

Two word lists must agree, since each alone has misspellings ("occured") or lacks words. They are loaded when a word is
first looked up, once a process: English takes half a second and a few megabytes.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

from rapidfuzz.distance import OSA
from simplemma import is_known, lemmatize
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
from spellchecker import SpellChecker

_SECOND_LIST: Final = frozenset(SpellChecker.languages())
# A longer word may have two mistakes; in a short one, two other letters make another word.
_LONG: Final = 8
_SHORTEST: Final = 3
# Misspellings that both lists have as rare words.
_RARE: Final = {"calender": "calendar", "definately": "definitely", "untill": "until"}
# With and without accents, these are different words.
_TWO_WORDS: Final = frozenset("expose resume pate rose lame attache lime sake ole".split())
# British and American endings of one word, and the least number of letters before them: "filled" is not "filed".
_VARIANTS: Final = tuple(
    (british, american, least)
    for least, pairs in (
        (2, "our/or ours/ors oured/ored ouring/oring oural/oral ourable/orable ourite/orite ourhood/orhood"),
        (2, "tre/ter tres/ters bre/ber ogue/og ogues/ogs gramme/gram grammes/grams"),
        (
            3,
            "isation/ization ising/izing ised/ized ises/izes iser/izer ise/ize ysed/yzed yse/yze ysing/yzing",
        ),
        (3, "ence/ense ences/enses"),
        (4, "lled/led lling/ling ller/ler llers/lers lment/llment"),
    )
    for british, american in (pair.split("/") for pair in pairs.split())
)
# Words that look like such variants, but are different words.
_NO_VARIANTS: Final = frozenset(
    "four for tour tor pour por cense hence promise prize rise advise guise wise".split()
)


def has_dictionary(language: str) -> bool:
    """Return whether words of a language can be looked up."""
    return _code(language) in SUPPORTED_LANGUAGES


def known(word: str, language: str) -> bool:
    """Return whether both lists have a word; for languages other than English, whose second lists are thin, either."""
    code = _code(language)
    if code not in SUPPORTED_LANGUAGES:
        return False
    first = is_known(word, code, low_memory=True)
    if code != "en":
        return first or _second(word, code)
    return first and _second(word, code)


def unknown(word: str, language: str) -> bool:
    """Return whether neither list has a word."""
    code = _code(language)
    return (
        code in SUPPORTED_LANGUAGES and not _second(word, code) and not is_known(word, code, low_memory=True)
    )


def fixes_spelling(old: str, new: str, language: str) -> bool:
    """Return whether a lower-case word that is misspelt became the intended word ("recieve", "receive").

    That is one letter dropped, doubled, swapped, added or mistaken; in a long word, two.
    """
    if _RARE.get(old) == new:
        return True
    if old.endswith("'s") and new.endswith("'s"):
        old, new = old[:-2], new[:-2]
    if not (_spelled(old) and _spelled(new)) or not _near(old, new) or not known(new, language):
        return False
    if unknown(old, language):
        return True
    code = _code(language)
    # The first list has misspellings ("occured", "noticable"), and words that are too new for the second.
    return (
        code == "en"
        and not _second(old, code)
        and (
            lemmatize(old, code, low_memory=True) == lemmatize(new, code, low_memory=True)
            or (len(old) != len(new) and min(len(old), len(new)) >= _LONG - 1)
        )
    )


def same_word(old: str, new: str, language: str) -> bool:
    """Return whether two words are one, with or without accents, or in British and American spelling."""
    if _code(language) != "en" or not (old.isalpha() and new.isalpha()):
        return False
    bare_old, bare_new = _bare(old), _bare(new)
    if bare_old == bare_new:
        return bare_old not in _TWO_WORDS
    if {old, new} & _NO_VARIANTS or min(len(old), len(new)) <= _SHORTEST:
        return False
    for british, american, least in _VARIANTS:
        for one, other in ((old, new), (new, old)):
            stem = one.removesuffix(british)
            if one != stem and len(stem) >= least and stem + american == other:
                return _in_either_list(one) and _in_either_list(other)
    return False


def looks_misspelt(old: str, new: str) -> bool:
    """Return whether two words look like one and its misspelling, judging by their letters alone."""
    return _spelled(old) and _spelled(new) and min(len(old), len(new)) > _SHORTEST and _near(old, new)


def _spelled(word: str) -> bool:
    """Return whether a word consists of letters and their marks; in some scripts, vowels are marks."""
    return word.isalpha() or all(unicodedata.category(char)[0] in "LM" for char in word)


def _near(old: str, new: str) -> bool:
    shortest = min(len(old), len(new))
    if shortest < _SHORTEST and sorted(old) != sorted(new):
        return False
    return OSA.distance(old, new) <= (2 if shortest >= _LONG else 1)


def _in_either_list(word: str) -> bool:
    return is_known(word, "en", low_memory=True) or _second(word, "en")


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def _code(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]


@lru_cache(maxsize=1024)
def _second(word: str, code: str) -> bool:
    return f"\n{word}\n" in _second_list(code)


@cache
def _second_list(code: str) -> str:
    """Return all words of the second list as one string: a tenth of the memory of a set, and fast enough."""
    if code not in _SECOND_LIST:
        return ""
    return "\n{}\n".format("\n".join(SpellChecker(code)))

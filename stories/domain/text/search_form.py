"""The normal form in which texts are indexed and queries are parsed, whatever the database.

Every database splits words in its own way: one takes "Lindholm/Kestrelby" for a file name, one drops vowel signs, one
knows no Chinese words, one interprets a minus. So words are split here, and the database only compares them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Final, NamedTuple, Protocol

import snowballstemmer

from stories.domain.text.letters import APOSTROPHES, IGNORED, SIGNS, UNSPACED
from stories.domain.text.word_form import SPELT_OUT, UMLAUT, digit_of, form_of

# Stems begin with this character, which distinguishes them from words: it is of Unicode's private use, and in no text.
STEM: Final = "\ue000"
# The separator of a dek and a text, so that no phrase extends from one to the other.
FIELD_BREAK: Final = "\ue001"

LANGUAGES: Final = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "sv": "swedish",
}
# A database's index has its limits, in bytes.
_MAX_BYTES: Final = 400_000
_MAX_STEM_BYTES: Final = 200_000

# Digits of any script in groups of three, or as in India: 12,00,000.
_GROUPED: Final = r"\d{1,3}(?:[,.'’٬，\u202f\u00a0]\d{3})+(?!\d)|\d{1,2}(?:[,，]\d\d)+[,，]\d{3}(?!\d)"
_LETTER: Final = rf"[^\W_{UNSPACED}{APOSTROPHES}]"
_TOKEN: Final = re.compile(
    rf"(?P<number>(?<![\d.,])(?:{_GROUPED}))"
    rf"|(?P<run>[{UNSPACED}](?:[{UNSPACED}{SIGNS}{IGNORED}])*)"
    # Plain letters first, as many as possible: nearly all are plain.
    rf"|(?P<word>{_LETTER}(?:[a-zA-Z0-9]+|{_LETTER}|[{SIGNS}{IGNORED}])*)(?:[{APOSTROPHES}][sS](?![^\W_]))?"
)
# A character of a script without spaces, with its signs: also with the vowel am, which may be decomposed.
_CHARACTER: Final = re.compile(
    rf"เเ|ເເ|[^{SIGNS}{IGNORED}][{SIGNS}{IGNORED}]*"
    "(?:[\u0e33\u0eb3]|(?:(?<=\u0e4d)|(?<=\u0e4d[\u0e48-\u0e4b]))\u0e32|(?:(?<=\u0ecd)|(?<=\u0ecd[\u0ec8-\u0ecb]))\u0eb2)?"
)
_RESPELT: Final = re.compile(rf"{UMLAUT.pattern}|[^\W_][{APOSTROPHES}][^\W_]", re.IGNORECASE)


class Stemmer(Protocol):
    """The interface of the library's stemmers."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - its own name
        """Return the stem of a word."""


class IndexedWord(NamedTuple):
    """A word in its normal form, and its bounds in the text: from `start` to before `end`."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A search term: one word, or several consecutive ones.

    `stems` are stems and spellings by which a single word is found as well; none for a phrase. `is_prefix` says that
    its last word may continue in the text: a last character of a script without spaces.
    """

    words: tuple[str, ...]
    stems: frozenset[str] = frozenset()
    is_prefix: bool = False


def tokens(text: str, start: int = 0) -> Iterator[IndexedWord]:
    """Yield the words of a text in order; a script without spaces yields its characters in pairs.

    `start` must be the beginning of a word.
    """
    for match in _TOKEN.finditer(text, start):
        yield from _tokens_of(match)


def pieces(text: str, beginnings: Iterable[str]) -> Iterator[tuple[list[IndexedWord], int]]:
    """Yield each piece of a text that may begin like one of some words: its words, and its end.

    A piece is a word, a number or a run without spaces. Two plain letters are enough to skip most words; the normal
    form is only computed for the others.
    """
    begun = tuple(word[:2] for word in beginnings)
    for match in _TOKEN.finditer(text):
        letters = text[match.start() : match.start() + 2]
        if letters.isascii() and letters.isalnum() and not letters.lower().startswith(begun):
            continue
        yield list(_tokens_of(match)), match.end()


def _tokens_of(match: re.Match[str]) -> Iterator[IndexedWord]:
    kind = match.lastgroup
    if kind == "run":
        yield from _pairs(match.string, match.start(), match.end())
    elif kind == "number":
        digits = "".join(digit_of(each) for each in match[0] if each.isdecimal())
        yield IndexedWord(digits, match.start(), match.end())
    elif form := form_of(match["word"]):
        yield IndexedWord(form, match.start(), match.end())


def indexed(*texts: str, language: str) -> str:
    """Return the indexed form of texts: their words in order, then other spellings and the stems of these words.

    Each word has a space before and behind it, so that a phrase is a substring of the whole; a break separates the
    texts. It is cut at the capacity of an index, some forty thousand words. A language without a stemmer has no stems.
    """
    words = _limited(_words_of(texts), _MAX_BYTES)
    distinct = dict.fromkeys(word for word in words if word != FIELD_BREAK)
    lines = (line for text in texts for line in text.split("\n"))
    others = dict.fromkeys(other for line in lines for other in _spellings_of_line(line))
    # A break before each: no phrase consists of them.
    further = [each for other in others if other not in distinct for each in (FIELD_BREAK, other)]
    name = LANGUAGES.get(language.split("-")[0].lower())
    if name is not None:
        further += [FIELD_BREAK, *dict.fromkeys(stem_of(name, word) for word in distinct)]
    words += _limited(further, _MAX_STEM_BYTES)
    return f" {' '.join(words)} " if words else ""


def _words_of(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number:
            yield FIELD_BREAK
        # No phrase extends over the end of a line.
        for line in text.split("\n"):
            yield from _words_of_line(line)


# Cached, since most lines of a version are unchanged from the version before.
@lru_cache(maxsize=1_000)
def _words_of_line(line: str) -> tuple[str, ...]:
    return tuple(token.form for token in tokens(line))


@lru_cache(maxsize=1_000)
def _spellings_of_line(line: str) -> tuple[str, ...]:
    """Return what readers also type for words: "obrien" for "O’Brien", "mueller" for "Müller"."""
    if not _RESPELT.search(line):
        return ()
    found: list[str] = []
    parts: list[str] = []
    at = 0
    for token in tokens(line):
        found += spelt_out(line[token.start : token.end])
        between = line[at : token.start]
        parts = [*parts, token.form] if len(between) == 1 and between in APOSTROPHES else [token.form]
        if len(parts) > 1:
            found.append("".join(parts))
        at = token.end
    return tuple(found)


def spelt_out(word: str) -> list[str]:
    """Return the normal form of a word with its umlauts spelled out; nothing for a word without any."""
    if not UMLAUT.search(word):
        return []
    composed = unicodedata.normalize("NFC", word)
    spelt = re.sub(UMLAUT, lambda found: SPELT_OUT[found[0].lower()], composed)
    return [token.form for token in tokens(spelt)][:1]


def _limited(words: Iterable[str], limit: int) -> list[str]:
    """Return words up to a number of bytes, counting a space for each."""
    # Each word takes at least two bytes, so that no more of them can fit.
    first = list(islice(words, limit // 2))
    if len(" ".join(first).encode()) < limit:
        return first
    found = []
    for word in first:
        limit -= len(word.encode()) + 1
        if limit < 0:
            break
        found.append(word)
    return found


_QUERY_PART: Final = re.compile(r'"([^"]*)"|[“„«]([^”“»]*)[”“»]|(\S+)')


def terms(query: str) -> list[Term]:
    """Return the terms of a query; words in quotation marks are a phrase, and no other sign has a meaning."""
    found: list[Term] = []
    for match in _QUERY_PART.finditer(query):
        phrase = match[1] if match[1] is not None else match[2]
        term = _term(match[3] if phrase is None else phrase, exact=phrase is not None)
        if term is not None and term not in found:
            found.append(term)
    return found


def _term(typed: str, *, exact: bool) -> Term | None:
    words = [token.form for token in tokens(typed)]
    if not words:
        return None
    *_, last = _TOKEN.finditer(typed)
    if last.lastgroup == "run":
        # The last character of a run is indexed by itself. At the end of a query, the word may continue in the text.
        pairs = len(list(_pairs(typed, last.start(), last.end())))
        return Term(tuple(words[:-1])) if pairs > 1 else Term(tuple(words), is_prefix=True)
    if len(words) == 1 and not exact:
        return Term(tuple(words), stems=_stems(words[0]).union(spelt_out(typed)))
    return Term(tuple(words))


def _pairs(text: str, start: int, end: int) -> Iterator[IndexedWord]:
    """Yield the characters of a run in overlapping pairs, each with its marks, and its last one alone."""
    characters = [
        (form_of(match[0]), match.start(), match.end()) for match in _CHARACTER.finditer(text, start, end)
    ]
    characters = [each for each in characters if each[0]]
    for (first, begin, _), (second, _, finish) in pairwise(characters):
        yield IndexedWord(first + second, begin, finish)
    # Marks without a character to belong to are not a word.
    for last, begin, finish in characters[-1:]:
        yield IndexedWord(last, begin, finish)


@lru_cache(maxsize=50_000)
def stem_of(language: str, word: str) -> str:
    """Return the stem of a word in normal form; `language` is a value of LANGUAGES."""
    return f"{STEM}{_stemmer(language).stemWord(word)}"


@cache
def _stemmer(language: str) -> Stemmer:
    found: Stemmer = snowballstemmer.stemmer(language)
    return found


def _stems(word: str) -> frozenset[str]:
    """Return the stems of a word in every language; only a handful differ."""
    return frozenset(stem_of(name, word) for name in LANGUAGES.values())

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

from stories.domain.text.letters import MARKS, UNSEEN, UNSPACED

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
# Nobody searches for a longer word, in characters; and a database's index has its limits, in bytes.
_MAX_LENGTH: Final = 60
_MAX_BYTES: Final = 400_000
_MAX_STEM_BYTES: Final = 200_000

# Letters with a stroke, and ligatures, which Unicode does not decompose.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h", "ŧ": "t"}
    | {"ی": "ي", "ى": "ي", "ک": "ك", "ـ": ""}
)
# Marks that may be omitted in writing: accents, Arabic and Hebrew vowels. In other scripts, vowel signs count as
# letters (classes 0 to 9 and 84 to 129).
_ACCENTS: Final = frozenset((*range(10, 36), *range(200, 241)))
_SHORT_I: Final = "\u0438\u0306"


_GROUPED: Final = r"[0-9]{1,3}(?:[,.'’\u202f\u00a0][0-9]{3})+(?![0-9])"
_TOKEN: Final = re.compile(
    rf"(?P<number>(?<![0-9.,]){_GROUPED})"
    rf"|(?P<run>[{UNSPACED}](?:[{UNSPACED}{MARKS}{UNSEEN}])*)"
    # Plain letters first, as many as possible: nearly all are plain.
    rf"|(?P<word>[^\W_{UNSPACED}](?:[a-zA-Z0-9]+|[^\W_{UNSPACED}]|[{MARKS}{UNSEEN}])*)(?:['’][sS](?![^\W_]))?"
)
_NOT_DIGITS: Final = re.compile(r"[^0-9]")
_DROPPED: Final = re.compile(rf"[{UNSEEN}]")


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

    `stems` are stems by which a single word is found as well; none for a phrase. `is_prefix` says that its last word
    may continue in the text: a last character of a script without spaces.
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
        yield IndexedWord(_NOT_DIGITS.sub("", match[0]), match.start(), match.end())
    elif form := form_of(match["word"]):
        yield IndexedWord(form, match.start(), match.end())


def indexed(*texts: str, language: str) -> str:
    """Return the indexed form of texts: their words in order, then the stems of these words without duplicates.

    Each word has a space before and behind it, so that a phrase is a substring of the whole; a break separates the
    texts. It is cut at the capacity of an index, some forty thousand words. A language without a stemmer has no stems.
    """
    words = _limited(_words_of(texts), _MAX_BYTES)
    name = LANGUAGES.get(language.split("-")[0].lower())
    if name is not None:
        stems = dict.fromkeys(stem_of(name, word) for word in dict.fromkeys(words) if word != FIELD_BREAK)
        words += [FIELD_BREAK, *_limited(stems, _MAX_STEM_BYTES)]
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
        return Term(tuple(words), stems=_stems(words[0]))
    return Term(tuple(words))


def _pairs(text: str, start: int, end: int) -> Iterator[IndexedWord]:
    """Yield the characters of a run in overlapping pairs, each with its marks, and its last one alone."""
    characters = [
        (form_of(match[0]), start + match.start(), start + match.end())
        for match in re.finditer(rf"[^{MARKS}{UNSEEN}][{MARKS}{UNSEEN}]*", text[start:end])
    ]
    characters = [each for each in characters if each[0]]
    for (first, begin, _), (second, _, finish) in pairwise(characters):
        yield IndexedWord(first + second, begin, finish)
    # Marks without a character to belong to are not a word.
    for last, begin, finish in characters[-1:]:
        yield IndexedWord(last, begin, finish)


@lru_cache(maxsize=50_000)
def form_of(word: str) -> str:
    """Return the normal form of a word: without case, accents and invisible characters."""
    apart = unicodedata.normalize("NFKD", _DROPPED.sub("", word)).casefold()
    apart = unicodedata.normalize("NFKD", apart).replace(_SHORT_I, "\u0439")
    letters = (character for character in apart if unicodedata.combining(character) not in _ACCENTS)
    plain = "".join(map(_digit, letters)).translate(_PLAIN)
    # A few Unicode signs stand for whole sentences, with spaces.
    return "".join(unicodedata.normalize("NFC", plain).split())[:_MAX_LENGTH]


def _digit(character: str) -> str:
    """Return a digit of any script as an ASCII digit, any other character unchanged."""
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


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

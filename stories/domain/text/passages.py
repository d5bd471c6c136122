"""Find the passage of a text with the searched words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from stories.domain.text.ellipsis import ELLIPSIS, with_ellipsis
from stories.domain.text.search_form import LANGUAGES, IndexedWord, Term, pieces, stem_of, tokens

# The marks around matched words until they are rendered: no text contains these characters.
START, END = "\x02", "\x03"
# How much of a text is searched, and the length of a passage, in characters.
_MAX_SEARCHED: Final = 20_000
_LENGTH: Final = 240
_BEFORE: Final = 60
# Anything but ASCII and the signs of typesetting: without it, words of plain letters are spelled as they are indexed.
_NOT_PLAIN: Final = re.compile(r"[^\x00-\x7f‘’“”–—…\u00a0]")


def passage(text: str, terms: Sequence[Term], *, language: str) -> str:
    """Return a passage of a text with START and END around the searched words, else the beginning of the text."""
    stemmer = LANGUAGES.get(language.split("-")[0].lower())
    first = next(_hits(text[:_MAX_SEARCHED], terms, stemmer), (0, 0))[0]
    begin = _at_a_word(text, first - _BEFORE) if first > _BEFORE else 0
    finish = _end_of_word(text, begin + _LENGTH)
    window = text[begin:finish]
    pieces, at = [], 0
    for start, end in _joined(_hits(window, terms, stemmer)):
        pieces += [window[at:start], START, window[start:end], END]
        at = end
    pieces.append(window[at:])
    words = " ".join("".join(pieces).split())
    return f"{ELLIPSIS if begin else ''}{with_ellipsis(words) if finish < len(text) else words}"


def _hits(text: str, terms: Sequence[Term], stemmer: str | None) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the searched words, in order; the text is only read as far as needed."""
    longest = max((len(term.words) for term in terms), default=1)
    for words in _candidates(text, terms):
        ahead = [*words, *islice(tokens(text, words[-1].end), longest - 1)]
        for place in range(len(words)):
            for term in terms:
                found = ahead[place : place + len(term.words)]
                if len(found) == len(term.words) and _matches_term(term, found, stemmer):
                    yield found[0].start, found[-1].end


def _candidates(text: str, terms: Sequence[Term]) -> Iterator[list[IndexedWord]]:
    """Yield the words of a text with which one of the terms may begin, in order; adjacent ones may come together."""
    pattern = None if _NOT_PLAIN.search(text) else _pattern(tuple(terms))
    if pattern is None:
        yield from (words for words, _ in pieces(text, [term.words[0] for term in terms]) if words)
        return
    read = 0
    while match := pattern.search(text, read):
        # A word never extends over a space. What was read is not read again: a text may be long, and have no space.
        begin = max(text.rfind(sign, read, match.start()) + 1 for sign in " \n")
        word = next(word for word in tokens(text, max(begin, read)) if word.end > match.start())
        yield [word]
        read = word.end


@lru_cache(maxsize=100)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    """Return what matches wherever one of the terms may begin in a plain text; None if a term is not of plain letters.

    It may match too much: two letters tell most words apart, and no form has to be made of the others.
    """
    if not terms:
        return None
    alternatives = []
    for term in terms:
        if not all(re.fullmatch("[a-z]+", word) for word in term.words):
            return None
        if term.stems:
            alternatives.append(term.words[0][:2])
        else:
            alternatives.append(r"(?:['’]s)?[\W_]+".join(term.words) + r"(?![a-z0-9])")
    return re.compile(rf"(?<![a-z])(?:{'|'.join(alternatives)})", re.IGNORECASE)


def _joined(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges in order, merging those that overlap."""
    before: tuple[int, int] | None = None
    for start, end in places:
        if before is not None and start < before[1]:
            before = before[0], max(end, before[1])
            continue
        if before is not None:
            yield before
        before = start, end
    if before is not None:
        yield before


def _matches_term(term: Term, ahead: Sequence[IndexedWord], stemmer: str | None) -> bool:
    """Return whether the words ahead begin with a term."""
    if term.is_prefix:
        *whole, begun = term.words
        return ahead[len(whole)].form.startswith(begun) and all(
            ahead[place].form == word for place, word in enumerate(whole)
        )
    form, word = ahead[0].form, term.words[0]
    if len(term.words) == 1 and term.stems and stemmer:
        # Words of one stem begin alike, so that most need not be stemmed.
        return form in (word, *term.stems) or (form[:2] == word[:2] and stem_of(stemmer, form) in term.stems)
    return form == word and all(ahead[place].form == word for place, word in enumerate(term.words))


def _at_a_word(text: str, place: int) -> int:
    """Return the beginning of a word at or soon after a position; the position itself in a script without spaces."""
    space = text.find(" ", place, place + 30)
    return place if space < 0 else space + 1


def _end_of_word(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place)
    return place if space < 0 else space

"""Find the passage of a text with the searched words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    for piece, end in pieces(text, [term.words[0] for term in terms]):
        ahead = [*piece, *islice(tokens(text, end), longest - 1)]
        for place in range(len(piece)):
            for term in terms:
                found = ahead[place : place + len(term.words)]
                if len(found) == len(term.words) and _matches_term(term, found, stemmer):
                    yield found[0].start, found[-1].end


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
        return form == word or (form[:2] == word[:2] and stem_of(stemmer, form) in term.stems)
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

"""The words of a text, and how they correspond to the words of its next version.

Texts are HTML; a word is identified by what readers read, so it remains the same word if it is made bold or linked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from html import unescape
from typing import NamedTuple

from stories.domain.text.alignment import equal_runs, interned, without_chance_runs
from stories.domain.text.words import word_matches

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[!?][^<>]*>")
_SPACE = re.compile(r"\s+")
# No word extends over these, and no tag ends at them.
_EDGE = re.compile(r"[\s<]")
_CHUNKS = re.compile(r"(?:<[^<>]*>|[^<\s]+)+")
# Texts shorter than this, in characters, are compared word by word at once.
_LONG = 2_000


class WordSpan(NamedTuple):
    """A word's place in an HTML text."""

    start: int
    end: int


class Word(NamedTuple):
    """A word: its place, what readers read, and how many visible characters precede it and its end.

    Visible characters are counted without white space: browsers and templates add and drop it.
    """

    span: WordSpan
    text: str
    first: int
    last: int


def words_of(html: str) -> list[Word]:
    """Return every word of a text, in order."""
    found = []
    seen = 0
    for start, end in _texts(html):
        at = start
        for match in word_matches(html[start:end]):
            span = WordSpan(start + match.start(), start + match.end())
            seen += _visible(html[at : span.start])
            text = unescape(match[0])
            first, seen = seen, seen + _visible(text)
            found.append(Word(span, text, first, seen))
            at = span.end
        seen += _visible(html[at:end])
    return found


def visible_text(html: str) -> str:
    """Return what readers read of HTML, on one line.

    A space at an end means that the text is not joined to its neighbour there.
    """
    return _SPACE.sub(" ", unescape(_TAG.sub(lambda tag: "" if _is_inline(tag[0]) else " ", html)))


def _is_inline(tag: str) -> bool:
    return re.match(r"</?(a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)\b", tag) is not None


def _texts(html: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches between the tags."""
    at = 0
    for tag in _TAG.finditer(html):
        if tag.start() > at:
            yield at, tag.start()
        at = tag.end()
    if at < len(html):
        yield at, len(html)


def _visible(html: str) -> int:
    return len(_SPACE.sub("", unescape(html)))


class KeyedWord(NamedTuple):
    """A word with only what alignment needs."""

    span: WordSpan
    key: str


class _Piece(NamedTuple):
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _cut_at_tags(html: str) -> list[_Piece]:
    """Return the stretches between the tags."""
    return [_Piece(start, html[start:end]) for start, end in _texts(html)]


def _cut_to_chunks(html: str) -> list[_Piece]:
    """Split a long text at spaces and tags; return nothing for a short one, which is compared by words."""
    if len(html) < _LONG:
        return []
    return [_Piece(match.start(), match[0]) for match in _CHUNKS.finditer(html)]


class _Same(NamedTuple):
    """A stretch of characters that both texts have, starting at `old` and at `new`."""

    old: int
    new: int
    size: int


class Edit:
    """The change from one text to another: which old words correspond to which new words.

    Only what differs is compared word by word, and only on request: following a word through a thousand changes
    elsewhere in its text costs a thousand comparisons of strings.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        prefix, suffix = _common_ends(old, new)
        self._ends = _Same(0, 0, prefix), _Same(len(old) - suffix, len(new) - suffix, suffix)

    def back(self, span: WordSpan) -> WordSpan | None:
        """Return where a word of the new text was in the old, None if it is new."""
        return self._found(span, 1)

    def forward(self, span: WordSpan) -> WordSpan | None:
        """Return where a word of the old text is in the new, None if it is gone."""
        return self._found(span, 0)

    @cached_property
    def removed(self) -> list[list[KeyedWord]]:
        """The words that were removed, in stretches."""
        return self._stretches(0)

    @cached_property
    def added(self) -> list[list[KeyedWord]]:
        """The words that were added, in stretches."""
        return self._stretches(1)

    def _found(self, span: WordSpan, side: int) -> WordSpan | None:
        # Check the common ends first, which need no further comparison.
        if span.end <= self._ends[0].size:
            return span
        last = self._ends[1]
        if span.start >= last[side]:
            return _shifted(span, last[1 - side] - last[side])
        number = bisect_right(self._starts[side], span.start) - 1
        same = self._same[number]
        if span.end <= same[side] + same.size:
            return _shifted(span, same[1 - side] - same[side])
        return self._between(number)[side].get(span)

    @cached_property
    def _same(self) -> list[_Same]:
        """What both texts have, in order; always begins and ends with the common ends, which may be empty."""
        found = list(self._ends)
        for cut in (_cut_at_tags, _cut_to_chunks):
            found = [
                same
                for before, after in zip(found, [*found[1:], None], strict=True)
                for same in (before, *(self._equal(before, after, cut) if after else ()))
            ]
        return found

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return [same.old for same in self._same], [same.new for same in self._same]

    def _equal(self, before: _Same, after: _Same, cut: Callable[[str], list[_Piece]]) -> Iterator[_Same]:
        """Yield what the texts between two stretches have in common, compared in pieces."""
        first = before.old + before.size, before.new + before.size
        olds, news = cut(self.old[first[0] : after.old]), cut(self.new[first[1] : after.new])
        keys = interned((piece.text for piece in olds), (piece.text for piece in news))
        runs = equal_runs(*keys)
        if cut is _cut_to_chunks:
            runs = without_chance_runs(runs, len(olds), len(news))
        for run in runs:
            pairs = list(zip(olds[run.old : run.old + run.size], news[run.new :], strict=False))
            (old, new), size = pairs[0], pairs[-1][0].end - pairs[0][0].start
            whole = _Same(first[0] + old.start, first[1] + new.start, size)
            if self.old[whole.old : whole.old + size] == self.new[whole.new : whole.new + size]:
                yield whole
            else:
                yield from (
                    _Same(first[0] + old.start, first[1] + new.start, len(old.text)) for old, new in pairs
                )

    def _between(self, number: int) -> tuple[dict[WordSpan, WordSpan], dict[WordSpan, WordSpan]]:
        """Return which words correspond between a stretch and the next."""
        if number not in self._known:
            olds, news = self._tokens(number)
            keys = interned((token.key for token in olds), (token.key for token in news))
            forward = {
                olds[run.old + at].span: news[run.new + at].span
                for run in without_chance_runs(equal_runs(*keys), len(olds), len(news))
                for at in range(run.size)
            }
            self._known[number] = forward, {new: old for old, new in forward.items()}
        return self._known[number]

    @cached_property
    def _known(self) -> dict[int, tuple[dict[WordSpan, WordSpan], dict[WordSpan, WordSpan]]]:
        return {}

    def _tokens(self, number: int) -> tuple[list[KeyedWord], list[KeyedWord]]:
        before, after = self._same[number : number + 2]
        return (
            _tokens(self.old, before.old + before.size, after.old),
            _tokens(self.new, before.new + before.size, after.new),
        )

    def _stretches(self, side: int) -> list[list[KeyedWord]]:
        """Return the words of one side that the other lacks, consecutive ones together."""
        found: list[list[KeyedWord]] = []
        for number in range(len(self._same) - 1):
            matched = self._between(number)[side]
            follows = self._follows(number, side)
            for token in self._tokens(number)[side]:
                if token.span in matched:
                    follows = False
                    continue
                if not follows or not found:
                    found.append([])
                found[-1].append(token)
                follows = True
        return found

    def _follows(self, number: int, side: int) -> bool:
        """Return whether no word separates this difference from the one before: tags alone do not separate words."""
        same = self._same[number]
        text = (self.old, self.new)[side][same[side] : same[side] + same.size]
        return number > 0 and not any(text[start:end].strip() for start, end in _texts(text))


def _shifted(span: WordSpan, by: int) -> WordSpan:
    return WordSpan(span.start + by, span.end + by)


def _tokens(html: str, start: int, end: int) -> list[KeyedWord]:
    return [
        KeyedWord(WordSpan(at + match.start(), at + match.end()), unescape(match[0]))
        for first, last in _texts(html[start:end])
        for at in (start + first,)
        for match in word_matches(html[at : start + last])
    ]


def _common_ends(old: str, new: str) -> tuple[int, int]:
    """Return the lengths of the common beginning and end, neither of them inside a word or a tag."""
    shorter = min(len(old), len(new))
    prefix = _longest(shorter, lambda first, last: old[first:last] == new[first:last])
    if prefix < max(len(old), len(new)):
        prefix = _outside_before(old, prefix)
    left = shorter - prefix
    suffix = _longest(
        left,
        lambda first, last: (
            old[len(old) - last : len(old) - first] == new[len(new) - last : len(new) - first]
        ),
    )
    if suffix:
        suffix = min(_outside_after(text, suffix) for text in (old, new))
    return prefix, suffix


def _longest(limit: int, same: Callable[[int, int], bool]) -> int:
    """Return the greatest number for which `same` holds, by bisection; it must hold for all smaller ones."""
    sure = 0
    while sure < limit:
        middle = (sure + limit + 1) // 2
        if same(sure, middle):
            sure = middle
        else:
            limit = middle - 1
    return sure


def _outside_before(text: str, end: int) -> int:
    """Return the last position up to `end` that is outside tags and words."""
    opened = text.rfind("<", 0, end)
    if opened > text.rfind(">", 0, end):
        end = opened
    return max(text.rfind(edge, 0, end) for edge in (" ", "\n", ">")) + 1


def _outside_after(text: str, length: int) -> int:
    """Return how many of the last `length` characters remain from the first position outside tags and words."""
    start = len(text) - length
    if text.rfind("<", 0, start) > text.rfind(">", 0, start):
        start = text.find(">", start) + 1 or len(text)
    found = _EDGE.search(text, start)
    return len(text) - found.start() if found else 0

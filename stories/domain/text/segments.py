"""Split a story's HTML without losing a character.

Nothing here repairs or validates markup: the joined parts always equal the text, and the work grows linearly with its
length, however deep or broken its tags are.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from html import unescape
from typing import NamedTuple

from stories.domain.text.words import has_unspaced_script, is_word, split, words

# A tag ends at the first ">": sanitised HTML escapes both brackets inside attributes.
_TAG = re.compile(r"(</?[a-zA-Z][^<>]*>|<[!?][^<>]*>)")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu"
    " nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Elements that are visible although they contain no text.
_SEEN = frozenset("audio canvas embed hr iframe img input object picture svg tr video".split())
_SELF_CLOSING = frozenset(("p", "li", "dt", "dd", "option"))
_PARENTS = {
    "li": frozenset(("ul", "ol", "menu")),
    "tr": frozenset(("table", "tbody", "thead", "tfoot")),
}
_ROW_ENDS = frozenset(("table", "tbody", "thead", "tfoot"))

# How many elements around a text are reported; deeper ones are treated as if at this depth.
_MAX_DEPTH = 32
_MAX_MARKS = 32


class Ancestor(NamedTuple):
    """An element around a text: its name, its unique number, and its opening tag."""

    tag: str
    number: int
    raw: str


class TokenKind(StrEnum):
    TAG = "tag"
    WORD = "word"
    SPACE = "space"
    PUNCTUATION = "punctuation"


class Token(NamedTuple):
    """The smallest part of a text. `marks` are the inline tags around it, as written, outermost first."""

    kind: TokenKind
    text: str
    marks: tuple[str, ...]


class Segment(NamedTuple):
    """A paragraph-like stretch of HTML, or the markup between two of those (`content` is False).

    `path` are the elements around it, outermost first, including its own; numbered in the order of their opening tags.
    """

    raw: str
    path: tuple[Ancestor, ...]
    content: bool

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tokens(self.raw)


def tokens(raw: str) -> tuple[Token, ...]:
    """Return all tags, words, white space and punctuation of an HTML text, in order."""
    return tuple(
        Token(TokenKind.TAG if mark is None else _kind(text), text, mark or ())
        for text, mark in zip(*scan(raw), strict=True)
    )


def scan(raw: str) -> tuple[list[str], list[tuple[str, ...] | None]]:
    """Return the texts of all tokens, and a list of their marks, None for a tag. The fast form of `tokens`."""
    texts: list[str] = []
    marks: list[tuple[str, ...] | None] = []
    opened: list[str] = []
    names: list[str] = []
    current: tuple[str, ...] = ()
    for position, part in enumerate(_TAG.split(raw)):
        if position % 2 == 0:
            if part:
                found = split(part)
                texts += found
                marks += [current] * len(found)
            continue
        texts.append(part)
        marks.append(None)
        name = tag_name(part)
        if not name or name in _VOID:
            continue
        if name in BLOCK_TAGS:
            opened, names, current = [], [], ()
        elif part[1] != "/":
            # Marks beyond the limit are dropped, since hostile nesting would repeat all of them for every token.
            if len(opened) < _MAX_MARKS and not part.endswith("/>"):
                opened.append(part)
                names.append(name)
                current = tuple(opened)
        elif name in names:
            at = len(names) - 1 - names[::-1].index(name)
            del opened[at], names[at]
            current = tuple(opened)
    return texts, marks


def scan_plain(text: str) -> tuple[list[str], list[tuple[str, ...] | None]]:
    """Return the same as `scan` for plain text, in which "<" is ordinary punctuation."""
    texts = split(text)
    return texts, [()] * len(texts)


def segments(html: str) -> tuple[Segment, ...]:
    """Return the paragraph-like segments of an HTML text: paragraphs, headings, list items, table rows, figures ...

    `"".join(segment.raw for segment in segments(html)) == html` for any text. What is between the paragraphs (the tags
    of lists and tables, white space) is in segments without content.
    """
    return tuple(_Segmenter(html).run())


class _Segmenter:
    def __init__(self, html: str) -> None:
        self.html = html
        self.found: list[Segment] = []
        self.stack: list[Ancestor] = []
        self.open: Counter[str] = Counter()
        self.number = 0
        self.start = 0
        self.content = False
        self.path: tuple[Ancestor, ...] = ()
        # The depth of the element whose tag begins the current segment; its end ends the segment.
        self.owner = 0
        # How many elements were open where the current segment began.
        self.depth = 0
        self.in_row = False
        self.tables_in_row = 0

    def run(self) -> list[Segment]:
        end = 0
        for match in _TAG.finditer(self.html):
            if match.start() > end:
                self._text(end, match.start())
            end = match.end()
            raw = match[0]
            name = tag_name(raw)
            if self.in_row and self._stays_in_row(raw, name):
                continue
            if name and raw[1] == "/":
                self._close(name, match.start(), end)
            elif name:
                self._open(name, raw, match.start(), end)
        if end < len(self.html):
            self._text(end, len(self.html))
        self._cut(len(self.html))
        return self.found

    def _text(self, start: int, end: int) -> None:
        if not self.content and not self.html[start:end].isspace():
            self.content = True

    def _open(self, name: str, raw: str, start: int, end: int) -> None:
        block = name in BLOCK_TAGS
        if block:
            self._cut(start)
            if name in _SELF_CLOSING and self.stack and self.stack[-1].tag == name:
                self._pop(name)
        if name not in _VOID and not raw.endswith("/>"):
            self.number += 1
            self.stack.append(Ancestor(name, self.number, raw))
            self.open[name] += 1
        if block:
            self.path = tuple(self.stack[:_MAX_DEPTH])
            self.owner = 0 if name in _VOID else len(self.stack)
            self.in_row = name == "tr"
        if name in _SEEN:
            self.content = True
        if block and name in _VOID:
            self._cut(end)

    def _close(self, name: str, start: int, end: int) -> None:
        if name not in BLOCK_TAGS:
            if self.open[name] and self._pop(name) <= self.depth and not self.content:
                self._cut(end)
            return
        if not self.open[name]:
            self._cut(start)
            self._cut(end)
            return
        depth = self._pop(name)
        if depth != self.owner:
            self._cut(start)
        self._cut(end)

    def _stays_in_row(self, raw: str, name: str) -> bool:
        """Return whether a tag belongs to the current table row: a row is one segment, including its cells."""
        closing = raw[1] == "/"
        if name == "table" and not closing:
            self.tables_in_row += 1
        elif self.tables_in_row:
            self.tables_in_row -= name == "table" and closing
        elif name == "tr" or (closing and name in _ROW_ENDS):
            self.in_row = False
            if not closing:
                self._pop("tr")
            return False
        return True

    def _pop(self, name: str) -> int:
        """Close elements up to the innermost of this name, and return the depth that it had."""
        while True:
            ancestor = self.stack.pop()
            self.open[ancestor.tag] -= 1
            if ancestor.tag == name:
                return len(self.stack) + 1

    def _cut(self, end: int) -> None:
        if end > self.start:
            self.found.append(Segment(self.html[self.start : end], self.path, self.content))
        self.start = end
        self.content = False
        self.path = tuple(self.stack[:_MAX_DEPTH])
        self.owner = 0
        self.depth = len(self.stack)


def well_nested(html: str) -> bool:
    """Return whether all elements are closed in order, and list items and rows are only where they are allowed."""
    stack = [""]
    for match in _TAG.finditer(html):
        name = tag_name(match[0])
        if not name or name in _VOID:
            continue
        if match[0][1] == "/":
            if stack.pop() != name:
                return False
            continue
        if name in _PARENTS and stack[-1] not in _PARENTS[name]:
            return False
        stack.append(name)
    return stack == [""]


def plain_text(html: str) -> str:
    """Return the text that readers read: without tags, one line for each paragraph, entities decoded."""
    lines = (
        _SPACES.sub(" ", unescape(_TAG.sub(_as_space, segment.raw))).strip() for segment in segments(html)
    )
    return "\n".join(line for line in lines if line)


def count_words(html: str) -> int:
    """Return how many words an HTML text has; in scripts without spaces, each character counts."""
    return len(words(_TAG.sub("<>", html)))


def word_list(html: str) -> list[str]:
    """Return the words of an HTML text in order, with entities as written."""
    return words(_TAG.sub("<>", html))


def rough_word_list(html: str) -> list[str]:
    """Return approximately the words of an HTML text, with punctuation attached; several times as fast."""
    text = _TAG.sub(" ", html)
    return words(text) if has_unspaced_script(text) else text.split()


_SPACES = re.compile(r"\s+")


def _as_space(match: re.Match[str]) -> str:
    name = tag_name(match[0])
    return " " if name in BLOCK_TAGS or name == "br" else ""


def tag_name(tag: str) -> str:
    """Return the name of an opening or closing tag."""
    match = _NAME.match(tag)
    return match[1].lower() if match else ""


def _kind(text: str) -> TokenKind:
    if text.isspace():
        return TokenKind.SPACE
    if is_word(text):
        return TokenKind.WORD
    entity = text.startswith("&") and not unescape(text).strip()
    return TokenKind.SPACE if entity else TokenKind.PUNCTUATION

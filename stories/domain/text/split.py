"""Split running text in two, and convert running text into a quote: HTML, of which no word is lost."""

from __future__ import annotations

import re
from enum import StrEnum

from stories.domain.text.segments import BLOCK_TAGS

_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)[^<>]*>")
_PIECE = re.compile(rf"(?P<tag>{_TAG.pattern})|(?P<space>(?:\s|&nbsp;|\ufeff)+)|&#?\w+;|.", re.DOTALL)
_VOID = frozenset(("br", "hr", "img", "wbr"))
# These are never split: half a table is not a table, nor half a program.
_WHOLE = ("<table", "<pre")
_ENDING = re.compile(r"(?:\s|&nbsp;|<br\s*/?>)+$")
_BEGINNING = re.compile(r"^(?:\s|&nbsp;|<br\s*/?>)+")
_START = re.compile(r'\s+start="(\d{1,6})"')

_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>")
_CODE = re.compile(r"<pre\b[^<>]*>(.*?)</pre>", re.DOTALL)
_QUOTED = re.compile(r"</?blockquote\b[^<>]*>")
# Pairs of quotation marks of several languages.
_MARKS = frozenset(("“”", "„“", "„”", "«»", "»«"))
_RULE = re.compile(r"<hr\b[^<>]*>")


class LostMarkup(StrEnum):
    """Markup that a quote can't have; its words remain, as paragraphs."""

    HEADINGS = "headings"
    CODE = "code"
    INNER_QUOTES = "inner-quotes"
    RULES = "rules"


def paragraphs(html: str) -> list[str]:
    """Return the top-level pieces of a text: paragraphs, headings, lists, tables ... Joined, they are the text."""
    found: list[str] = []
    loose = ""
    for piece in _top_level(html):
        if piece.strip():
            found.append(loose + piece)
            loose = ""
        elif found:
            found[-1] += piece
        else:
            loose += piece
    return found


def _top_level(html: str) -> list[str]:
    cuts = [0]
    depth = 0
    for match in _TAG.finditer(html):
        name = match[1].lower()
        if name not in BLOCK_TAGS:
            continue
        if match[0][1] == "/":
            depth = max(0, depth - 1)
            cuts += [match.end()] if depth == 0 else []
        else:
            cuts += [match.start()] if depth == 0 else []
            if name not in _VOID:
                depth += 1
            elif depth == 0:
                cuts.append(match.end())
    return [html[start:end] for start, end in zip(cuts, [*cuts[1:], len(html)], strict=True)]


def cut(html: str, paragraph: int, characters: int) -> tuple[str, str]:
    """Split a text in two at a place; either part may be empty.

    The place is in the paragraph of that number, counted from 0, after so many characters. White space does not count,
    since an editor displays it differently than it is stored. An element split in two is closed in the first part and
    reopened in the second; tables and code are not split.
    """
    pieces = paragraphs(html)
    before, rest = "".join(pieces[:paragraph]), pieces[paragraph:]
    if not rest or characters <= 0:
        return before, "".join(rest)
    first, second = _cut_piece(rest[0], characters)
    return before + first, second + "".join(rest[1:])


def _cut_piece(piece: str, characters: int) -> tuple[str, str]:
    if piece.lstrip().startswith(_WHOLE):
        return piece, ""
    opened: list[_Opened] = []
    seen = 0
    for match in _PIECE.finditer(piece):
        tag = match["tag"]
        if seen == characters and not match["space"] and not (tag and tag[1] == "/"):
            return _closed(piece, match.start(), opened)
        if tag is None:
            seen += not match["space"]
            continue
        name = match[2].lower()
        if tag[1] == "/":
            if opened and opened[-1].name == name:
                opened.pop()
        elif name not in _VOID:
            if name == "li" and opened:
                opened[-1].items += 1
            opened.append(_Opened(name, tag))
    return piece, ""


class _Opened:
    """An element that is open where a text is cut, with the number of list items so far."""

    def __init__(self, name: str, tag: str) -> None:
        self.name, self.tag, self.items = name, tag, 0

    def reopened(self) -> str:
        """Return its opening tag for the second part; a list continues its numbering."""
        if self.name != "ol" or not self.items:
            return self.tag
        began = _START.search(self.tag)
        number = (int(began[1]) if began else 1) + self.items
        return _START.sub("", self.tag)[:-1] + f' start="{number}">'


def _closed(piece: str, place: int, opened: list[_Opened]) -> tuple[str, str]:
    behind = _BEGINNING.sub("", piece[place:])
    if not has_words(behind):
        return piece, ""
    ends = "".join(f"</{element.name}>" for element in reversed(opened))
    starts = "".join(element.reopened() for element in opened)
    return _ENDING.sub("", piece[:place]) + ends, starts + behind


def has_words(html: str) -> bool:
    """Return whether a text has any words: empty paragraphs and rules do not count."""
    return bool(_TAG.sub("", html).replace("&nbsp;", "").strip())


def has_table(html: str) -> bool:
    """Return whether a text contains a table."""
    return "<table" in html


def as_quotation(html: str) -> tuple[str, tuple[LostMarkup, ...]]:
    """Convert a text into a quote's text; return it with the kinds of markup that were lost.

    Headings and code become paragraphs. Quotation marks around all of it go: a quote is shown with its own. The text
    must not contain a table.
    """
    lost: list[LostMarkup] = []
    for what, pattern, instead in (
        (LostMarkup.CODE, _CODE, _paragraph_of),
        (LostMarkup.HEADINGS, _HEADING, r"<\1p>"),
        (LostMarkup.INNER_QUOTES, _QUOTED, ""),
        (LostMarkup.RULES, _RULE, ""),
    ):
        after = pattern.sub(instead, html)
        if after != html:
            lost.append(what)
        html = after
    return _without_outer_marks(html), tuple(lost)


def _without_outer_marks(html: str) -> str:
    words = _TAG.sub("", html).strip()
    marks = words[:1] + words[-1:]
    if len(words) < 3 or marks not in _MARKS or any(mark in words[1:-1] for mark in marks):
        return html
    begin, end = html.index(marks[0]), html.rindex(marks[1])
    return html[:begin] + html[begin + 1 : end] + html[end + 1 :]


def _paragraph_of(code: re.Match[str]) -> str:
    words = re.sub(r"</?code\b[^<>]*>", "", code[1]).strip("\n")
    return "<p>" + words.replace("\n", "<br>") + "</p>"

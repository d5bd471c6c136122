"""A text as its readers take it in: words with what they stand in, quotation marks above all."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from stories.domain.html import BLOCK_TAGS, scan
from stories.domain.significance.vocabulary import is_title
from stories.domain.words import is_word, split

# What stands between the cells of a table row: moving a value to another cell is no matter of spacing.
CELL = "¦"

_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""\b(?:src|data)\s*=\s*["']([^"']*)""")
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"']*)""")
_MEDIA = frozenset("img video audio iframe embed object source".split())
_STYLES = {"s": "s", "strike": "s", "del": "s", "sub": "sub", "sup": "sup"}
_APOSTROPHES = re.compile("['’‘ʼ`]")
_HYPHENS = re.compile("[-\u2010\u2011\u00ad\u200b-\u200d\ufeff]")
_QUOTES = re.compile("[“”„‟\"«»‹›「」『』‘’‚']")
_SINGLE_END = re.compile(r"(?<=\S)[’'](?!\w)")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_BEFORE_SIGN = frozenset(" (\u00a0")
_SENTENCE_ENDS = frozenset(".!?:…\n¦•")
_SYMBOLS = frozenset("$£€¥₹₽₩₪₫₴¢%‰°" + CELL)
_CONTRACTED = {
    "cant": "can",
    "cannot": "can",
    "wont": "will",
    "shant": "shall",
    **{
        f"{word}nt": word
        for word in "do does did is are was were has have had could would should must need".split()
    },
}


class Word(NamedTuple):
    """A word: as written, as compared, where it stands in the text, and what it stands in.

    opens: any word has a capital here. source: the whole of a contraction that was taken apart.
    """

    text: str
    norm: str
    start: int
    end: int
    opens: bool
    quoted: bool
    href: str
    style: str
    source: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text without its markup; `marks` is the punctuation inside its quotations."""

    plain: str
    words: tuple[Word, ...]
    marks: str
    media: tuple[str, ...]

    @property
    def targets(self) -> frozenset[str]:
        """Where its links lead."""
        return frozenset(word.href for word in self.words if word.href)

    def between(self, start: int, end: int) -> str:
        """The text of the words from `start` up to, not including, `end`, with what stands between them."""
        if start >= end:
            return ""
        return self.plain[self.words[start].start : self.words[end - 1].end].replace(CELL, " ").strip()


def same_look(old: str, new: str) -> bool:
    """Whether two plain texts differ in spacing and the shape of quotation marks and dashes at most."""
    return old == new or _shape(old) == _shape(new)


def read(text: str, *, html: bool = True, quotation: bool = False) -> Text:
    """The readable form of a text. quotation: all of it is somebody's words."""
    plain, spans, media = _flatten(text) if html else (text, [], ())
    spoken = [(0, len(plain))] if quotation else _quotations(plain)
    return _tokenised(plain, spans, media, spoken)


def _flatten(html: str) -> tuple[str, list[tuple[int, str, str, bool]], tuple[str, ...]]:
    """The plain text, stretches of it under other links and styles, and the media in it."""
    parts: list[str] = []
    spans: list[tuple[int, str, str, bool]] = []
    media: list[str] = []
    length = 0
    current: tuple[str, ...] | None = ()
    for part, marks in zip(*scan(html), strict=True):
        if marks is None:
            match = _NAME.match(part)
            name = match[1].lower() if match else ""
            if name in _MEDIA and part[1] != "/":
                media += _ATTRIBUTE.findall(part)
            opening = part[1] != "/"
            part = (
                CELL
                if name in ("td", "th") and opening
                else "\n"
                if name in BLOCK_TAGS or name == "br"
                else ""
            )
        else:
            part = unescape(part) if "&" in part else part
            if marks != current:
                href, style, quoted = _meaning(marks)
                if style and style != "s" and not any(char.isdigit() for char in part):
                    # "2nd" is the same with its letters raised; "102" is not.
                    style = ""
                elif style and style != "s":
                    part = "^" + part
                spans.append((length, href, style, quoted))
                current = marks
        parts.append(part)
        length += len(part)
    return "".join(parts), spans, tuple(media)


def _meaning(marks: tuple[str, ...]) -> tuple[str, str, bool]:
    href, styles, quoted = "", set(), False
    for mark in marks:
        match = _NAME.match(mark)
        name = match[1].lower() if match else ""
        if name == "a":
            found = _HREF.search(mark)
            href = _target(found[1]) if found else ""
        elif name in _STYLES:
            styles.add(_STYLES[name])
        quoted = quoted or name == "q"
    return href, "".join(sorted(styles)), quoted


def _target(href: str) -> str:
    """Where a link leads; a site's move to https, or from its "www", is none of its readers' matter."""
    return re.sub(r"^https?://(?:www\.)?", "//", unescape(href).strip()).rstrip("/")


def _tokenised(
    plain: str, spans: list[tuple[int, str, str, bool]], media: tuple[str, ...], spoken: list[tuple[int, int]]
) -> Text:
    starts = [span[0] for span in spans]
    quote_starts = [start for start, _ in spoken]
    words: list[Word] = []
    marks: list[str] = []
    href, style, marked = "", "", False
    next_span = starts[0] if starts else len(plain)
    at = 0
    opens = True
    for token in split(plain):
        start, at = at, at + len(token)
        if token.isspace():
            opens = opens or "\n" in token
            continue
        if start >= next_span:
            number = bisect_right(starts, start) - 1
            href, style, marked = spans[number][1:]
            next_span = starts[number + 1] if number + 1 < len(starts) else len(plain)
        quoted = False
        if spoken:
            place = bisect_right(quote_starts, start) - 1
            quoted = place >= 0 and start < spoken[place][1]
        if token.isalpha() and token.isascii():
            norm = token.lower()
            if norm not in _CONTRACTED and norm != "sic":
                words.append(Word(token, norm, start, at, opens, quoted or marked, href, style, token))
                opens = False
                continue
        symbol = token in _SYMBOLS
        if not symbol and not is_word(token):
            if quoted and token not in _DASHES and not _QUOTES.match(token):
                marks.append(token)
            abbreviated = (
                plain[start] == "." and words and words[-1].end == start and is_title(words[-1].norm)
            )
            opens = opens or (token in _SENTENCE_ENDS and not abbreviated)
            continue
        if _is_editors_mark(token, plain, start, at):
            continue
        if (
            start
            and token[0].isdigit()
            and plain[start - 1] in "-\u2212"
            and (start < 2 or plain[start - 2] in _BEFORE_SIGN)
        ):
            start, token = start - 1, "-" + token
        for text, norm in _taken_apart(token):
            words.append(Word(text, norm, start, at, opens, quoted or marked, href, style, token))
        opens = symbol and (opens or token == CELL)
    return Text(plain, tuple(words), "".join(marks), media)


def _taken_apart(token: str) -> list[tuple[str, str]]:
    """A word as it is compared; contractions with "not" as the two words that they are."""
    norm = _HYPHENS.sub("-", _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", token))).casefold()
    norm = norm.strip("-") if not norm.startswith("-") or not norm[1:2].isdigit() else norm
    bare = norm.replace("'", "")
    if (bare in _CONTRACTED and bare != "cant") or norm == "can't":
        return [(token, _CONTRACTED[bare]), (token, "not")]
    return [(token, norm)]


def _is_editors_mark(token: str, plain: str, start: int, end: int) -> bool:
    """ "(sic)" says how words were taken down; it is none of them."""
    return (
        token.casefold() == "sic"
        and plain[start - 1 : start] in ("(", "[")
        and plain[end : end + 1] in (")", "]")
    )


def _shape(text: str) -> str:
    bare = _QUOTES.sub("'", unicodedata.normalize("NFKC", text))
    return "".join("-" if char in _DASHES else char for char in bare if not char.isspace()).replace("''", "'")


def _quotations(plain: str) -> list[tuple[int, int]]:
    """Where words stand in quotation marks of any style; one that is never closed lasts to the end."""
    found: list[tuple[int, int]] = []
    stack: list[str] = []
    begun = 0
    for match in _QUOTES.finditer(plain):
        mark, at = match[0], match.start()
        before, after = plain[at - 1 : at], plain[at + 1 : at + 2]
        opening = _opening(mark, before, after, stack, plain, at)
        if opening is None:
            continue
        if opening:
            if not stack:
                begun = at
            stack.append(mark)
        else:
            stack.pop()
            if not stack:
                found.append((begun, at + 1))
    if stack:
        found.append((begun, len(plain)))
    return found


def _opening(mark: str, before: str, after: str, stack: list[str], plain: str, at: int) -> bool | None:
    """Whether a mark opens a quotation, closes one, or (None) is no quotation mark here."""
    top = stack[-1] if stack else ""
    if mark in "‘’‚'":
        if before.isalnum() and after.isalnum():
            return None
        if top and top in "‘‚'":
            closes = not after.isalnum() and not before.isspace()
            return False if closes else None
        may_open = mark != "’" and not before.isalnum() and bool(after) and not after.isspace()
        return True if may_open and _SINGLE_END.search(plain, at + 2) else None
    if mark == '"':
        if top == '"':
            return False
        return None if before.isdigit() and not stack else True
    if mark == "“":
        return top != "„"
    if mark in "”‟":
        return False if top and top in "“„”" else (True if after.isalnum() and not before.isalnum() else None)
    if mark in "«»‹›":
        return not (top and top in "«»‹›" and top != mark)
    if mark in "」』":
        return False if top and top in "「『" else None
    return True

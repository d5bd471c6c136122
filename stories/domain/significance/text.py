"""A text as readers perceive it: words with their context, above all quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from stories.domain.significance.addresses import plain_address
from stories.domain.significance.lexicon.characters import (
    DASHES,
    TURNING,
    is_struck,
    lowered,
    normal,
    one_form,
    raised,
)
from stories.domain.significance.lexicon.vocabulary import is_title
from stories.domain.text.segments import BLOCK_TAGS, scan
from stories.domain.text.words import is_word, split

# The separator of table cells: moving a value to another cell is more than spacing.
CELL = "¦"

_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""\b(?:src|data)\s*=\s*["']([^"']*)""")
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"']*)""")
_MEDIA = frozenset("img video audio iframe embed object source".split())
_STYLES = {"s": "s", "strike": "s", "del": "s", "sub": "sub", "sup": "sup"}
_QUOTES = re.compile("[“”„‟\"«»‹›「」『』‘’‚']")
_SINGLE_END = re.compile(r"(?<=\S)[’'](?!\w)")
_CURRENCIES = "$£€¥₹₽₩₪₫₴"
_BEFORE_SIGN = frozenset(" (\u00a0\u202f\u2009\n" + _CURRENCIES)
_IN_WORDS = re.compile(r"(?<=[^\W\d_])[‘ʼ`´](?=[^\W\d_])")
_SIGNS_AND_DIGITS = re.compile(r"[\d+\u2212\u2013-]+")
COMPARING = frozenset("<>=+~")
_BULLETS = frozenset("●▪■◆▸►➤◦∙‣⁃")
_SENTENCE_ENDS = frozenset(".!?:…\n¦•")
_SYMBOLS = frozenset(_CURRENCIES + "¢%‰°" + CELL)
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
    """A word: as written, as compared, its place in the text, and its context.

    `opens`: any word has a capital here. `source` is the whole of a contraction that was split.
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
        """The addresses that its links lead to."""
        return frozenset(word.href for word in self.words if word.href)

    def between(self, start: int, end: int) -> str:
        """Return the text from word `start` up to, not including, word `end`."""
        if start >= end:
            return ""
        return self.plain[self.words[start].start : self.words[end - 1].end].replace(CELL, " ").strip()


def same_look(old: str, new: str) -> bool:
    """Return whether two plain texts are equal but for spacing and the style of quotation marks and dashes."""
    return old == new or (_shape(old) == _shape(new) and TURNING.findall(old) == TURNING.findall(new))


def read(text: str, *, html: bool = True, quotation: bool = False) -> Text:
    """Parse a text into words. `quotation`: all of it is somebody's words."""
    if "``" in text:
        text = text.replace("``", "“").replace("''", "”")
    plain, spans, media = _flatten(text) if html else (text, [], ())
    plain = _IN_WORDS.sub("’", plain)
    spoken = [(0, len(plain))] if quotation else _quotations(plain)
    return _tokenised(plain, spans, media, spoken)


def _flatten(html: str) -> tuple[str, list[tuple[int, str, str, bool]], tuple[str, ...]]:
    """Return the plain text, its stretches of equal links and styles, and the media in it."""
    parts: list[str] = []
    spans: list[tuple[int, str, str, bool]] = []
    media: list[str] = []
    length = 0
    current: tuple[str, ...] | None = ()
    styles: set[str] = set()
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
            # In HTML, a line that is broken in the source is not broken for its reader.
            part = part.replace("\n", " ").replace("\r", " ")
            if marks != current:
                href, styles, quoted = _meaning(marks)
                spans.append((length, href, "s" if "s" in styles else "", quoted))
                current = marks
            if styles - {"s"} and _SIGNS_AND_DIGITS.fullmatch(part):
                # "2nd" is the same with its letters raised; "102" with its last digit raised is not.
                last = next((text[-1] for text in reversed(parts) if text), "")
                part = raised(part) if "sup" in styles else lowered(part) if last.isdigit() else part
        parts.append(part)
        length += len(part)
    return "".join(parts), spans, tuple(media)


def _meaning(marks: tuple[str, ...]) -> tuple[str, set[str], bool]:
    href, quoted = "", False
    styles: set[str] = set()
    for mark in marks:
        match = _NAME.match(mark)
        name = match[1].lower() if match else ""
        if name == "a":
            found = _HREF.search(mark)
            href = plain_address(found[1]) if found else ""
        elif name in _STYLES:
            styles.add(_STYLES[name])
        quoted = quoted or name == "q"
    return href, styles, quoted


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
        symbol = token in _SYMBOLS or (token in COMPARING and _compares(plain, start, opens))
        if opens and token in _BULLETS:
            continue
        if not symbol and not is_word(token):
            if quoted and token not in DASHES and not _QUOTES.match(token):
                marks.append(token)
            # After "Mr.", and before a lower-case letter, a full stop does not end a sentence.
            abbreviated = (
                plain[start] == "."
                and words
                and words[-1].end == start
                and (is_title(words[-1].norm) or plain[at : at + 2].strip()[:1].islower())
            )
            opens = opens or (token in _SENTENCE_ENDS and not abbreviated)
            continue
        if _is_editors_mark(token, plain, start, at):
            continue
        if _is_signed(token, plain, start):
            start, token = start - 1, "-" + token
        struck = "s" if is_struck(token) else style
        for text, norm in _split_contraction(token):
            words.append(Word(text, norm, start, at, opens, quoted or marked, href, struck, token))
        opens = symbol and (opens or token == CELL)
    return Text(plain, tuple(words), "".join(marks), media)


def _compares(plain: str, at: int, opens: bool) -> bool:
    """Return whether a sign is next to a figure, or by itself between words; not in "<div>", nor before a line."""
    before, after = plain[at - 1 : at] if at else "", plain[at + 1 : at + 2]
    if before.isdigit() or after.isdigit() or (after and after in _CURRENCIES):
        return True
    if plain[at] == "+" and before.isupper() and not plain[max(at - 2, 0) : at - 1].strip():
        # A grade: "A+".
        return True
    return plain[at] not in "+~" and not opens and before.isspace() and after.isspace()


def _is_signed(token: str, plain: str, start: int) -> bool:
    """Return whether a dash before a figure is its sign: "-5", "-$5", "$-5", but not "10-5"."""
    if not start or plain[start - 1] not in DASHES or not (token[0].isdigit() or token[0] in _CURRENCIES):
        return False
    return start < 2 or plain[start - 2] in _BEFORE_SIGN


def _split_contraction(token: str) -> list[tuple[str, str]]:
    """Return a word as it is compared; a contraction with "not" becomes two words."""
    norm = normal(token)
    signed = norm.startswith("-") and (norm[1:2].isdigit() or norm[1:2] in tuple(_CURRENCIES))
    norm = norm.strip("-") if not signed else norm
    bare = norm.replace("'", "")
    if (bare in _CONTRACTED and bare != "cant") or norm == "can't":
        return [(token, _CONTRACTED[bare]), (token, "not")]
    return [(token, norm)]


def _is_editors_mark(token: str, plain: str, start: int, end: int) -> bool:
    """Return whether a word is "(sic)", which is not among the words it comments on."""
    return (
        token.casefold() == "sic"
        and plain[start - 1 : start] in ("(", "[")
        and plain[end : end + 1] in (")", "]")
    )


def _shape(text: str) -> str:
    """Return a text with quotation marks, dashes and spaces unified; what differs in value remains different."""
    bare = " ".join(_QUOTES.sub("'", one_form(text)).split()).replace("''", "'")
    return re.sub(r" ?([^\w\s<>=+]) ?", r"\1", bare)


def _quotations(plain: str) -> list[tuple[int, int]]:
    """Return the stretches in quotation marks of any style; an unclosed one lasts to the end."""
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
    """Return whether a mark opens (True) or closes (False) a quotation, or None if it is not a quotation mark."""
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

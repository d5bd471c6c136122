"""Find words in one text as readers read it, and replace them.

Typographic quotes, dashes and spaces equal the plain ones, entities the characters that they name, and an inline tag
does not separate words: “Cor<em>vid</em>” is one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import NamedTuple

from stories.domain.text.letters import APOSTROPHES, IGNORED, SIGNS
from stories.domain.text.segments import BLOCK_TAGS, segments

_PIECE = re.compile(r"(?P<tag></?(?P<name>[a-zA-Z][^\s/>]*)[^<>]*>)|(?P<entity>&#?\w{1,31};)|.", re.DOTALL)
_QUOTES, _DASHES = "“”„‟″«»״＂", "‐‑‒–—―−"
_PLAIN = {
    **dict.fromkeys(map(ord, f"{APOSTROPHES}‚"), "'"),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
_UNSEEN = re.compile(f"[{IGNORED}]")
_SIGN = re.compile(f"[{SIGNS}]")
_INLINE = "(?:a|b|code|em|i|s|strong|sub|sup|u)"
_OPENING = re.compile(rf"(?:<{_INLINE}(?:\s[^<>]*)?>)+$")
_CLOSING = re.compile(rf"(?:</{_INLINE}>)+")
_EMPTIED = re.compile(rf"<({_INLINE})(?:\s[^<>]*)?></\1>")
# How many characters of context a match has on either side; and the word that may be cut there.
AROUND = 60
_FIRST_WORD, _LAST_WORD = re.compile(r"^\S+(?=\s)"), re.compile(r"(?<=\s)\S+$")
# The separator of table cells: no match extends over it.
CELL_BREAK = "\0"


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The words to find."""

    text: str
    match_case: bool = False
    whole_words: bool = False

    @property
    def folded(self) -> str:
        letters = (_fold(cluster, self.match_case) for cluster in _clusters(self.text))
        return " ".join("".join(letters).split())


class TextMatch(NamedTuple):
    """A match: its bounds in the stored text, and what readers read there and around it."""

    start: int
    end: int
    found: str
    before: str
    behind: str

    @property
    def lead(self) -> str:
        """The text before it, for a list of matches: from a whole word on, with an ellipsis if it is cut."""
        return self.before if len(self.before) < AROUND else f"…{_FIRST_WORD.sub('', self.before, count=1)}"

    @property
    def trail(self) -> str:
        """The text behind it, up to a whole word, with an ellipsis if it is cut."""
        return self.behind if len(self.behind) < AROUND else f"{_LAST_WORD.sub('', self.behind)}…"


class Letter(NamedTuple):
    """A character as it is compared and as it is read, and its bounds in the stored text."""

    folded: str
    visible: str
    start: int
    end: int


def text_matches(text: str, words: SearchWords, *, html: bool) -> list[TextMatch]:
    """Return all matches of the words in a text, in order, without overlaps."""
    needle = words.folded
    if not needle:
        return []
    found: list[TextMatch] = []
    for letters in letter_runs(text, words.match_case, html=html):
        found += _matches_in(letters, needle, whole=words.whole_words)
    return found


def match_of(letters: list[Letter], first: int, last: int) -> TextMatch:
    """Return the match of the letters of a run from number `first` to `last`."""
    return TextMatch(
        start=letters[first].start,
        end=letters[last].end,
        found=_visible(letters[first : last + 1]),
        before=_visible(letters[max(0, first - AROUND) : first]),
        behind=_visible(letters[last + 1 : last + 1 + AROUND]),
    )


def _matches_in(letters: list[Letter], needle: str, *, whole: bool) -> Iterator[TextMatch]:
    haystack = "".join(letter.folded for letter in letters)
    owner = [number for number, letter in enumerate(letters) for _ in letter.folded]
    at = haystack.find(needle)
    while at >= 0:
        end = at + len(needle)
        # No match begins or ends between a letter and its marks: अनिल is not the beginning of अनिला.
        apart = _SIGN.match(haystack, at) or (
            end < len(haystack) and owner[end] == owner[end - 1] and _SIGN.match(haystack, end)
        )
        if apart or (whole and not _stands_alone(letters, owner[at], owner[end - 1])):
            at = haystack.find(needle, at + 1)
            continue
        first, last = owner[at], owner[end - 1]
        yield match_of(letters, first, last)
        # Continue after the whole last letter, which may be compared as two ("ß" as "ss").
        while end < len(haystack) and owner[end] == last:
            end += 1
        at = haystack.find(needle, end)


def _stands_alone(letters: list[Letter], first: int, last: int) -> bool:
    def is_letter(number: int) -> bool:
        return 0 <= number < len(letters) and letters[number].visible[:1].isalnum()

    return not (is_letter(first - 1) and is_letter(first)) and not (is_letter(last + 1) and is_letter(last))


def _visible(letters: list[Letter]) -> str:
    return "".join(letter.visible for letter in letters)


def letter_runs(text: str, match_case: bool = False, *, html: bool) -> Iterator[list[Letter]]:
    """Yield the letters of a text, one list for each paragraph."""
    if not html:
        yield _letters(_plain_pieces(text), match_case)
        return
    start = 0
    for segment in segments(text):
        if segment.content:
            yield _letters(_html_pieces(segment.raw, start), match_case)
        start += len(segment.raw)


def _plain_pieces(text: str) -> Iterator[tuple[str, int, int]]:
    return ((character, place, place + 1) for place, character in enumerate(text))


def _html_pieces(raw: str, offset: int) -> Iterator[tuple[str, int, int]]:
    for match in _PIECE.finditer(raw):
        name = match["name"]
        start, end = match.start() + offset, match.end() + offset
        if match["entity"]:
            for character in unescape(match[0]):
                yield character, start, end
        elif name is None:
            yield match[0], start, end
        elif name.lower() == "br":
            yield " ", start, end
        elif name.lower() in BLOCK_TAGS:
            yield CELL_BREAK, start, end


def _letters(pieces: Iterator[tuple[str, int, int]], match_case: bool) -> list[Letter]:
    letters: list[Letter] = []
    for character, start, end in pieces:
        if _UNSEEN.match(character):
            continue
        if character == CELL_BREAK:
            if letters:
                letters.append(Letter(CELL_BREAK, " ", start, end))
            continue
        if character.isspace():
            if letters and letters[-1].folded == " ":
                letters[-1] = letters[-1]._replace(end=end)
            elif letters:
                letters.append(Letter(" ", " ", start, end))
            continue
        if _SIGN.match(character) and letters and letters[-1].folded not in (" ", CELL_BREAK):
            visible = letters[-1].visible + character
            letters[-1] = Letter(_fold(visible, match_case), visible, letters[-1].start, end)
            continue
        letters.append(Letter(_fold(character, match_case), character, start, end))
    while letters and letters[-1].folded in (CELL_BREAK, " "):
        letters.pop()
    return letters


def _clusters(text: str) -> list[str]:
    """Return characters with their combining marks; invisible ones are left out."""
    found: list[str] = []
    for character in text:
        if _UNSEEN.match(character):
            continue
        if _SIGN.match(character) and found:
            found[-1] += character
        else:
            found.append(character)
    return found


def _fold(cluster: str, match_case: bool) -> str:
    plain = unicodedata.normalize("NFC", cluster).translate(_PLAIN)
    return plain if match_case else plain.casefold()


# ------------------------------------------------------------------------------------------------- replacing


def replace_in_text(
    text: str, places: list[TextMatch], replacement: str, *, html: bool, keep_case: bool = False
) -> str:
    """Return the text with the matches replaced.

    Letters common to both at the beginning and the end remain inside their tags; tags left without words are removed.
    """
    for place in sorted(places, reverse=True):
        start, end = _with_tags(text, place.start, place.end) if html else (place.start, place.end)
        words = styled_like(place.found, replacement, keep_case=keep_case)
        text = text[:start] + _replace_piece(text[start:end], words, html=html) + text[end:]
    return text


def _with_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a place by the opening tags right before it and the closing tags right behind it."""
    before, behind = _OPENING.search(text[:start]), _CLOSING.match(text, end)
    return before.start() if before else start, behind.end() if behind else end


def styled_like(found: str, replacement: str, *, keep_case: bool) -> str:
    """Return the replacement with the apostrophes of the words that it replaces, and their capitals if asked."""
    if "’" in found:
        replacement = replacement.replace("'", "’")
    if not keep_case or not replacement:
        return replacement
    letters = [letter for letter in found if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return replacement.upper()
    if letters and letters[0].isupper():
        return replacement[0].upper() + replacement[1:]
    return replacement


def _replace_piece(raw: str, words: str, *, html: bool) -> str:
    if not html:
        return words
    pieces = [(match[0], _is_gapless(match)) for match in _PIECE.finditer(raw)]
    letters = [" " if piece.startswith("<") else unescape(piece) for piece, tag in pieces if not tag]
    head, tail = _common_ends(letters, words)
    new = escape(words[head : len(words) - tail], quote=False)
    result, seen, inserted = "", 0, False
    for piece, tag in pieces:
        if not inserted and not tag and seen >= head:
            result, inserted = result + new, True
        retained = tag or seen < head or seen >= len(letters) - tail
        result += piece if retained else ""
        seen += not tag
    if not inserted:
        result += new
    while (shorter := _EMPTIED.sub("", result)) != result:
        result = shorter
    return result


def _is_gapless(match: re.Match[str]) -> bool:
    """Return whether a match is a tag that does not separate words; a line break reads as a space."""
    return match["tag"] is not None and match["name"].lower() != "br"


def _common_ends(letters: list[str], words: str) -> tuple[int, int]:
    """Return how many letters both have in common at the beginning and at the end."""
    shorter = min(len(letters), len(words))
    head = 0
    while head < shorter and letters[head] == words[head]:
        head += 1
    tail = 0
    while tail < shorter - head and letters[-1 - tail] == words[-1 - tail]:
        tail += 1
    return head, tail

"""Remove characters that are not text, and normalise white space other than HTML's."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

# Characters that separate words in other programs (the soft return of word processors and slides, page and column
# ends, separators of records, lines and paragraphs): removing them would join the words.
_SEPARATORS: Final = "\x0b\x0c\x1c-\x1f\x85\u2028\u2029"
_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
# Characters that are not text, and that databases and XML reject.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
# Embeddings, overrides and isolates of bidirectional text, which reach beyond the text that has them.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[ \t\n\r]+")
# Numeric references to other characters than they say: controls, and the Windows punctuation that browsers display for
# &#128; to &#159;.
_REFERENCE = re.compile(
    r"&#(?:0*(?:1[0-5]\d|[1-9]?\d|8232|8233)|[xX]0*(?:[0-9a-fA-F]{1,2}|202[89]))(?![0-9a-fA-F]);?"
)


def without_controls(text: str) -> str:
    """Return a text with control characters that separate words replaced by a space, and the others removed."""
    return _NO_TEXT.sub("", _SEPARATOR.sub(" ", text))


def without_directions(text: str) -> str:
    """Return a text without the characters that turn round what follows them: in a name, also what is not the name."""
    return _DIRECTIONS.sub("", text)


def without_control_references(html: str) -> str:
    """Return HTML with references to control characters replaced by the character that browsers display.

    For parsers that drop such references, and would join the words around them.
    """
    return _REFERENCE.sub(_displayed, html)


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces. Hard and narrow spaces are intentional, and remain."""
    return _BREAKS.sub(" ", text).strip()


def _displayed(match: re.Match[str]) -> str:
    reference = match[0] if match[0].endswith(";") else f"{match[0]};"
    number = reference[2:-1]
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if code in (9, 10, 13) or 32 <= code < 127 or 160 <= code < 0x2028:
        return match[0]
    if 128 <= code < 160:
        return without_controls(unescape(reference))
    return without_controls(chr(code)) if code else ""

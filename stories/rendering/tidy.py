"""Tidy a page's HTML before it is sent: headings skip no level, lines end without space, `reversed` has no value."""

from __future__ import annotations

import re
from typing import Final

# White space inside these is part of the text, or of the submitted value.
_VERBATIM: Final = re.compile(r"(<(pre|textarea)\b.*?</\2>)", re.DOTALL)
_LINE_END: Final = re.compile(r"\s*\n(?=[ \t]*\S)|[ \t]+$", re.MULTILINE)
# A sanitised text gives every attribute a value.
_REVERSED: Final = re.compile(r'(<ol\b[^>]* reversed)=""')
_HEADING: Final = re.compile(r"<h([1-6])(\b[^>]*>)(.*?)</h\1>", re.DOTALL)


def tidy_html(html: str) -> str:
    """Return a page that reads the same, tidied for machines and for readers who navigate by headings."""
    pieces = _VERBATIM.split(_levelled(html))
    # Of every three pieces the first is outside, the second is an element left as it is, and the third its name.
    tidied = "".join(
        _LINE_END.sub(_end_of_line, piece) if place % 3 == 0 else piece
        for place, piece in enumerate(pieces)
        if place % 3 != 2
    )
    return _REVERSED.sub(r"\1", tidied)


def _end_of_line(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else ""


def _levelled(html: str) -> str:
    """Raise headings that skip a level, for instance in an imported text that begins at h3, and those under them."""
    above: list[tuple[int, int]] = []

    def raised(match: re.Match[str]) -> str:
        level = int(match[1])
        while above and above[-1][0] >= level:
            above.pop()
        output_level = above[-1][1] + 1 if above else level
        above.append((level, output_level))
        return (
            match[0] if output_level == level else f"<h{output_level}{match[2]}{match[3]}</h{output_level}>"
        )

    return _HEADING.sub(raised, html)

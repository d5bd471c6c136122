"""Read block quotations, and find who speaks in them."""

from __future__ import annotations

import re
from typing import Any, Final

from stories.domain.archive.elements import address_in, is_web_address
from stories.domain.archive.pieces import QuotePiece
from stories.domain.archive.plain_text import element_text
from stories.domain.archive.reading import Reading

LONGEST_SPEAKER: Final = 200
_MOST_PARTS: Final = 100

_DASHES: Final = "-–—― \t\n\r\f\xa0"
# What remains of a line of which the speaker's name was removed.
_LEFT_DASH = re.compile(r"<p[^>]*>[-–—―\s]*</p>$|\s*(?:<br>)?\s*[–—―]\s*(?=</p>$)")


class QuoteReader:
    """Read the block quotations of one text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._writer = reading.writer
        self._removed = reading.removed
        self._speaker = ""

    def begin(self, element: Any) -> None:
        """Begin a quotation; the text before it becomes a piece."""
        self._reading.end_text()
        self._reading.quote = element
        self._speaker = ""
        # A quotation inside a heading has paragraphs of its own.
        leaf, self._writer.leaf = self._writer.leaf, "p"

        def leave() -> None:
            self._end()
            self._writer.leaf = leaf

        self._reading.at_end(element, leave)

    def _end(self) -> None:
        text = self._writer.finish()
        if self._speaker:
            text = _LEFT_DASH.sub("", text)
        address = address_in(self._reading.quote.get("cite"))
        if address and not is_web_address(address):
            self._removed["blockquote[cite]"] += 1
            address = ""
        if text or self._speaker:
            self._reading.pieces.append(QuotePiece(text, self._speaker, address))
        self._reading.quote = None
        self._reading.flush_lifted()

    def take_speaker(self, element: Any) -> bool:
        """Take an element of the open quotation as its speaker's name, and return whether it is one."""
        if self._speaker or not _may_be_name(element):
            return False
        name = element_text(element).strip(_DASHES)
        if not name or len(name) > LONGEST_SPEAKER:
            return False
        if element.tag == "cite" and not self._ends_quote(element):
            return False
        self._speaker = name
        for inner in element.iterdescendants():
            # Pictures are lifted out of the name.
            if inner.tag != "img":
                self._reading.count(inner, inner.tag != "cite")
        return True

    def _ends_quote(self, element: Any) -> bool:
        """Return whether a `cite` is apart from the quoted words: on a line of its own, or at the very end."""
        if element.getparent() is self._reading.quote and not (element.tail or "").strip():
            previous = element.getprevious()
            before = self._reading.quote.text if previous is None else previous.tail
            if not (before or "").strip():
                return True
        while element is not self._reading.quote:
            if (element.tail or "").strip():
                return False
            if any(
                element_text(following) or (following.tail or "").strip()
                for following in element.itersiblings()
            ):
                return False
            element = element.getparent()
        return True


def _may_be_name(element: Any) -> bool:
    """Return whether an element has few enough parts for a name: reading pages at every level would take long."""
    return all(number < _MOST_PARTS for number, _part in enumerate(element.iter()))

"""Read the words of an element as plain text, for captions and names."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from lxml import etree

from stories.domain.archive.elements import (
    BOXES,
    DIVISIONS,
    DROPPED,
    FRAMES,
    LEAVES,
    SILENT,
    is_hidden,
    is_set_apart,
)
from stories.domain.text.controls import one_line

# Elements that begin and end a line.
_LINES: Final = (frozenset(LEAVES) | DIVISIONS | frozenset(BOXES)) - {"td", "th"}
_CELLS: Final = frozenset(("td", "th"))
_NOT_COUNTED: Final = SILENT | {"br", "p"}


def element_text(element: Any) -> str:
    """Return the words of an element that readers see, on one line."""
    reader = PlainReader()
    reader.read(element)
    return one_line("".join(reader.out))


class PlainReader:
    """Reads the words of an element. `removed` counts the markup that plain text can't have, and what is not read."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.removed: Counter[str] = Counter()
        self._quotations = 0

    def read(self, element: Any) -> None:
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, inner in walker:
            outermost = inner is element
            if event == "start":
                if not outermost and _is_unread(inner):
                    self.removed[inner.tag] += 1
                    walker.skip_subtree()
                    continue
                if not outermost and inner.tag not in _NOT_COUNTED:
                    self.removed[inner.tag] += 1
                self._begin(inner)
                self.begin(inner)
                self._text(inner.text)
            else:
                if not _is_unread(inner) or outermost:
                    self.end(inner)
                    self._end(inner)
                if not outermost:
                    self._text(inner.tail)

    def begin(self, element: Any) -> None:
        """Begin an element, before its words are read."""

    def end(self, element: Any) -> None:
        """End an element whose words have been read."""

    def _begin(self, element: Any) -> None:
        name = element.tag
        self._separate(element)
        if name == "br":
            self.out.append("\n")
        elif name == "q":
            self.out.append("“" if self._quotations % 2 == 0 else "‘")
            self._quotations += 1
        elif is_bare_reading(element):
            self.out.append("(")

    def _end(self, element: Any) -> None:
        if element.tag == "q":
            self._quotations -= 1
            self.out.append("”" if self._quotations % 2 == 0 else "’")
        elif is_bare_reading(element):
            self.out.append(")")
        self._separate(element)

    def _separate(self, element: Any) -> None:
        if element.tag in _LINES or is_set_apart(element):
            self.out.append("\n")
        elif element.tag in _CELLS:
            self.out.append(" ")

    def _text(self, text: str | None) -> None:
        if text:
            # White space collapses: line breaks in the source are not line breaks of the text.
            self.out.append(text.replace("\t", " ").replace("\r", " ").replace("\n", " "))


def is_bare_reading(element: Any) -> bool:
    """Return whether an element is a word's reading without the parentheses that separate them on one line."""
    parent = element.getparent()
    return element.tag == "rt" and (parent is None or parent.find("rp") is None)


def _is_unread(element: Any) -> bool:
    name = element.tag
    return name in DROPPED or name in FRAMES or name == "img" or is_hidden(element)

"""Writes a story's HTML from what an import reads: well nested, nothing empty, no words glued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

# What has to stand between a list or table and text that was written straight into it.
_MISSING: Final = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True, eq=False)
class Box:
    """An element that holds paragraphs. `items` counts the list items written into it."""

    name: str
    attributes: str = ""
    start: int = 1
    items: int = 0

    @property
    def opening(self) -> str:
        number = self.start + self.items
        if self.name == "ol" and number != 1:
            return f'<ol start="{number}">'
        return f"<{self.name}{self.attributes}>"


@dataclass(slots=True, eq=False)
class Mark:
    """An element of running text. `written` tells whether any text stood in it."""

    name: str
    attributes: str = ""
    written: bool = False


@dataclass(slots=True)
class TextWriter:
    """Told what elements should be open, opens them once there is text to stand in them.

    `boxes`, `marks` and `leaf` are what is wanted around the next text; they may be changed at any time.
    """

    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    leaf: str = "p"
    _out: list[str] = field(default_factory=list)
    _boxes: list[Box] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)
    _leaf: str = ""
    _space: bool = False
    _breaks: int = 0

    def text(self, text: str) -> None:
        """Write words; white space counts as in HTML."""
        if self.leaf == "pre":
            self._preformatted(text)
            return
        words = _SPACE.sub(" ", text)
        bare = words.strip(" ")
        if words.startswith(" "):
            self._space = True
        if bare:
            self._enter_leaf()
            self._enter_marks()
            self._out.append(_escaped(bare))
            self._space = words.endswith(" ")

    def line_break(self) -> None:
        """Break the line, unless nothing follows in this paragraph."""
        if self.leaf == "pre":
            self._preformatted("\n")
        elif self._leaf:
            self._breaks += 1

    def rule(self) -> None:
        """Write a line across."""
        self.end_leaf()
        self.enter_boxes()
        self._out.append("<hr>")

    def end_leaf(self) -> None:
        """Close the paragraph that is open, if one is."""
        self._leave_marks(0)
        if self._leaf == "pre":
            self._out.append("</code></pre>")
        elif self._leaf:
            self._out.append(f"</{self._leaf}>")
        self._leaf = ""
        self._space = False
        self._breaks = 0

    def enter_boxes(self) -> None:
        """Open exactly the wanted boxes, even where no text follows."""
        common = _common(self.boxes, self._boxes)
        self._leave_boxes(common)
        for box in self.boxes[common:]:
            self._out.append(box.opening)
            if box.name == "li" and self._boxes:
                self._boxes[-1].items += 1
            self._boxes.append(box)

    def push(self, box: Box) -> None:
        """Want a further box, inside those that are wanted already."""
        if box.name in ("ul", "ol", "table", "blockquote"):
            self._complete()
        elif box.name == "tr" and self.boxes[-1].name == "table":
            self.boxes.append(Box("tbody"))
        self.boxes.append(box)

    def finish(self) -> str:
        """The text so far, with all closed; what is wanted stays wanted for the text after it."""
        self.end_leaf()
        self._leave_boxes(0)
        text = "".join(self._out)
        self._out.clear()
        return text

    def _complete(self) -> None:
        while self.boxes and self.boxes[-1].name in _MISSING:
            self.boxes.append(Box(_MISSING[self.boxes[-1].name]))

    def _preformatted(self, text: str) -> None:
        if not self._leaf:
            text = text.lstrip("\n")
            if not text.strip():
                return
            self._enter_leaf()
        self._out.append(_escaped(text))

    def _enter_leaf(self) -> None:
        if self._leaf:
            return
        self._complete()
        self.enter_boxes()
        self._out.append("<pre><code>" if self.leaf == "pre" else f"<{self.leaf}>")
        self._leaf = self.leaf
        self._space = False

    def _enter_marks(self) -> None:
        # A mark inside its like says nothing, and a link can't stand in a link.
        wanted = list({mark.name: mark for mark in reversed(self.marks)}.values())[::-1]
        common = _common(wanted, self._marks)
        self._leave_marks(common)
        self._out.append("<br>" * self._breaks or " " * self._space)
        self._breaks = 0
        for mark in wanted[common:]:
            self._out.append(f"<{mark.name}{mark.attributes}>")
            mark.written = True
        self._marks = wanted

    def _leave_marks(self, keep: int) -> None:
        while len(self._marks) > keep:
            self._out.append(f"</{self._marks.pop().name}>")

    def _leave_boxes(self, keep: int) -> None:
        while len(self._boxes) > keep:
            self._out.append(f"</{self._boxes.pop().name}>")


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def _common(wanted: Sequence[object], written: Sequence[object]) -> int:
    """How many of the outermost elements are the same ones."""
    common = 0
    for one, other in zip(wanted, written, strict=False):
        if one is not other:
            break
        common += 1
    return common

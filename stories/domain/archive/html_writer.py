"""Write a story's HTML from what an import reads: well nested, without empty elements, never joining two words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

# The element required between a list or table and text written directly into it.
_MISSING: Final = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True, eq=False)
class Box:
    """An element that holds paragraphs. `items` counts the list items written into it, `last` is the last of them.

    `start` is the number of its first item, None for the one that lists begin with; `step` is 1, or -1 for a list
    that counts down. `written`: the element was opened.
    """

    name: str
    attributes: str = ""
    start: int | None = None
    step: int = 1
    items: int = 0
    last: Box | None = None
    written: bool = False

    @property
    def number(self) -> int | None:
        """The number of the next item, None for the one that lists begin with."""
        if self.start is None and not self.items:
            return None
        return (1 if self.start is None else self.start) + self.step * self.items

    @property
    def opening(self) -> str:
        number = self.number if self.name == "ol" else None
        start = "" if number is None or (number == 1 and self.step == 1) else f' start="{number}"'
        return f"<{self.name}{start}{self.attributes}>"


@dataclass(slots=True, eq=False)
class Mark:
    """An inline element. `written` says whether any text was written in it."""

    name: str
    attributes: str = ""
    written: bool = False


@dataclass(slots=True)
class TextWriter:
    """Opens the requested elements once there is text to write in them.

    `boxes`, `marks`, `leaf` and `direction` (the language and direction of paragraphs, as attributes) are what is
    requested around the next text; they may be changed at any time. `next_leaf_id` is called for the id of each
    paragraph that begins.
    """

    next_leaf_id: Callable[[], str] = str

    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    leaf: str = "p"
    direction: str = ""
    _out: list[str] = field(default_factory=list)
    _boxes: list[Box] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)
    _leaf: str = ""
    _opening: int = 0
    _id: str = ""
    _space: bool = False
    _breaks: int = 0
    _indent: str = ""

    def text(self, text: str) -> None:
        """Write words; white space collapses as in HTML."""
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

    @property
    def in_leaf(self) -> bool:
        """Whether a paragraph is open."""
        return bool(self._leaf)

    @property
    def leaf_id(self) -> str:
        """The id of the paragraph that is open, "" for none."""
        return self._id

    def name_leaf(self, name: str) -> None:
        """Give the open paragraph an id."""
        self._id = name
        opening = self._out[self._opening]
        start, end = opening[: len(self._leaf) + 1], opening[len(self._leaf) + 1 :]
        self._out[self._opening] = f'{start} id="{name}"{end}'

    def separate(self) -> None:
        """Break the line unless it is broken already, or nothing follows in this paragraph."""
        if self._leaf and self.leaf != "pre":
            self._breaks = max(self._breaks, 1)

    def line_break(self) -> None:
        """Break the line, unless nothing follows in this paragraph."""
        if self.leaf == "pre":
            self._preformatted("\n")
        elif self._leaf:
            self._breaks += 1

    def rule(self) -> None:
        """Write a horizontal rule."""
        self.end_leaf()
        self.enter_boxes()
        self._out.append("<hr>")

    def end_leaf(self) -> None:
        """Close the open paragraph, if any."""
        self._leave_marks(0)
        self._id = ""
        if self._leaf == "pre":
            self._out.append("</code></pre>")
        elif self._leaf:
            self._out.append(f"</{self._leaf}>")
        self._leaf = ""
        self._space = False
        self._breaks = 0
        self._indent = ""

    def enter_boxes(self) -> None:
        """Open exactly the requested boxes, even if no text follows."""
        common = _common(self.boxes, self._boxes)
        self._leave_boxes(common)
        for index, box in enumerate(self.boxes[common:], start=common + 1):
            following = self.boxes[index] if index < len(self.boxes) else None
            if following is not None and following.name == "li" and following.written:
                # The item goes on after what was lifted out of it, under the same number.
                box.items -= 1
            self._out.append(box.opening)
            if box.name == "li" and self._boxes:
                self._boxes[-1].items += 1
            box.written = True
            self._boxes.append(box)

    def push(self, box: Box) -> None:
        """Request another box, inside those already requested."""
        if box.name in ("ul", "ol", "table", "blockquote"):
            self._complete()
        elif box.name == "tr" and self.boxes[-1].name == "table":
            self.boxes.append(Box("tbody"))
        elif box.name == "li":
            self.boxes[-1].last = box
        self.boxes.append(box)

    def finish(self) -> str:
        """Return the text so far, closing every element; the requested ones are opened again for more text."""
        self.end_leaf()
        self._leave_boxes(0)
        text = "".join(self._out)
        self._out.clear()
        return text

    def _complete(self) -> None:
        while self.boxes and self.boxes[-1].name in _MISSING:
            around = self.boxes[-1]
            # Many programs place a nested list after the item that it belongs to, not into it.
            self.boxes.append(around.last or Box(_MISSING[around.name]))

    def _preformatted(self, text: str) -> None:
        if not self._leaf:
            # White space before the first word indents it, except whole lines.
            text = f"{self._indent}{text}".lstrip("\n")
            if not text.strip():
                self._indent = text
                return
            self._enter_leaf()
        self._out.append(_escaped(text))

    def _enter_leaf(self) -> None:
        if self._leaf:
            return
        self._complete()
        self.enter_boxes()
        self._opening = len(self._out)
        self._out.append(f"<{self.leaf}{self.direction}>{'<code>' if self.leaf == 'pre' else ''}")
        self._leaf = self.leaf
        self._space = False
        self._id = ""
        name = self.next_leaf_id()
        if name:
            self.name_leaf(name)

    def _enter_marks(self) -> None:
        # A mark inside the same mark has no effect, and a link can't be inside a link. Only languages nest.
        requested = list(
            {
                mark.attributes if mark.name == "span" else mark.name: mark for mark in reversed(self.marks)
            }.values()
        )[::-1]
        common = _common(requested, self._marks)
        self._leave_marks(common)
        self._out.append("<br>" * self._breaks or " " * self._space)
        self._breaks = 0
        for mark in requested[common:]:
            self._out.append(f"<{mark.name}{mark.attributes}>")
            mark.written = True
        self._marks = requested

    def _leave_marks(self, depth: int) -> None:
        while len(self._marks) > depth:
            self._out.append(f"</{self._marks.pop().name}>")

    def _leave_boxes(self, depth: int) -> None:
        while len(self._boxes) > depth:
            self._out.append(f"</{self._boxes.pop().name}>")


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def _common(requested: Sequence[object], written: Sequence[object]) -> int:
    """Return how many of the outermost elements both lists share."""
    common = 0
    for one, other in zip(requested, written, strict=False):
        if one is not other:
            break
        common += 1
    return common

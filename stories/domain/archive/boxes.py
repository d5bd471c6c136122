"""Read lists and tables."""

from __future__ import annotations

from typing import Any

from stories.domain.archive.elements import (
    BOXES,
    DIRECTED,
    cell_attributes,
    int_attribute,
    list_type_attribute,
)
from stories.domain.archive.html_writer import Box
from stories.domain.archive.reading import Reading


class BoxReader:
    """Read the lists and tables of one text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._writer = reading.writer
        self._directions = reading.directions

    def begin(self, element: Any, name: str, own: dict[str, str]) -> bool:
        """Begin a list, table or part of one; return False for a part outside of any."""
        writer = self._writer
        parents = BOXES[name]
        inside = [index for index, box in enumerate(writer.boxes) if box.name in parents]
        if parents and not inside:
            return False
        writer.end_leaf()
        if parents:
            del writer.boxes[inside[-1] + 1 :]
        if name == "li" and "value" in element.attrib:
            self._number_items(inside[-1], int_attribute(element.get("value")))
        declared = self._directions.attributes_of(own) if name in DIRECTED else ""
        box = _box(element, name, declared)
        writer.push(box)
        before = len(writer.boxes) - 1

        def leave() -> None:
            writer.end_leaf()
            if name in ("td", "th"):
                # An empty cell must be written too, so that the columns remain aligned.
                writer.enter_boxes()
            del writer.boxes[before:]
            if name == "li" and not box.written:
                self._skip_number(before - 1)
            if name == "table":
                self._reading.flush_lifted()

        self._reading.at_end(element, leave)
        if name in DIRECTED:
            back = self._directions.enter(own, declared=True)
            writer.direction = self._directions.attributes

            def out() -> None:
                back()
                writer.direction = self._directions.attributes

            self._reading.at_end(element, out)
        return True

    def _number_items(self, index: int, expected: int | None) -> None:
        """Begin the list again if the item's number is not the one that comes next."""
        box = self._writer.boxes[index]
        if (
            box.name == "ol"
            and expected is not None
            and expected != (1 if box.number is None else box.number)
        ):
            self._writer.boxes[index] = Box(box.name, box.attributes, start=expected, step=box.step)

    def _skip_number(self, index: int) -> None:
        """Leave out the number of an item without words, for instance of a picture that was lifted out of it."""
        box = self._writer.boxes[index]
        if box.name == "ol":
            number = (1 if box.number is None else box.number) + box.step
            self._writer.boxes[index] = Box(box.name, box.attributes, start=number, step=box.step)


def _box(element: Any, name: str, declared: str) -> Box:
    """Return a list, table or part of one; `declared` are its language and direction, as attributes."""
    if name != "ol":
        return Box(name, cell_attributes(element) + declared)
    counts_down = "reversed" in element.attrib
    start = int_attribute(element.get("start"))
    if counts_down and start is None:
        start = sum(1 for _item in element.iterchildren("li"))
    attributes = (' reversed=""' if counts_down else "") + list_type_attribute(element) + declared
    return Box(name, attributes, start=start, step=-1 if counts_down else 1)

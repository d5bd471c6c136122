"""Read the elements inside paragraphs: marks, quotation marks, and the parts of formulas."""

from __future__ import annotations

from typing import Any, Final

from stories.domain.archive.directions import written
from stories.domain.archive.elements import MARKS, PLAIN, RENAMED, link_attributes, styled
from stories.domain.archive.html_writer import Mark
from stories.domain.archive.plain_text import is_bare_reading
from stories.domain.archive.reading import Reading

# The elements of formulas whose second part is raised or lowered.
_RAISED: Final = {"msup": "sup", "msub": "sub"}


class InlineReader:
    """Read the elements inside the paragraphs of one text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._writer = reading.writer
        self._directions = reading.directions
        self._anchors = reading.anchors
        self._removed = reading.removed
        self._quotation_marks = 0

    def begin_mark(self, element: Any, name: str, own: dict[str, str]) -> None:
        """Begin a mark that sets the language and direction `own`."""
        writer = self._writer
        if writer.leaf == "pre":
            self._reading.count(element, name != "code")
            if name == "q":
                self._begin_quoted_words(element)
            return
        added, dropped = styled(element)
        attributes = link_attributes(element) if name == "a" else ""
        fresh: list[Mark] = []
        if own:
            fresh.append(Mark("span", written(own)))
            self._reading.at_end(element, self._directions.enter_words(own))
        if name in PLAIN or MARKS[name] in dropped:
            self._reading.count(element, not own)
        elif name == "a" and not attributes:
            self._reading.count(element, not self._anchors.at(element))
        else:
            self._reading.count(element, name not in RENAMED and MARKS[name] != name)
            fresh.append(Mark(MARKS[name], attributes))
        if writer.leaf == "p":
            fresh += [Mark(each) for each in added]
        before = writer.marks
        writer.marks = [mark for mark in before if mark.name not in dropped] + fresh

        def leave() -> None:
            writer.marks = before
            if any(mark.name == "a" and not mark.written for mark in fresh):
                self._removed[name] += 1

        self._reading.at_end(element, leave)
        if name == "q":
            self._begin_quoted_words(element)

    def _begin_quoted_words(self, element: Any) -> None:
        opening, closing = "“”" if self._quotation_marks % 2 == 0 else "‘’"
        self._quotation_marks += 1
        self._writer.text(opening)

        def leave() -> None:
            self._quotation_marks -= 1
            self._writer.text(closing)

        self._reading.at_end(element, leave)

    def begin_formula(self, element: Any) -> None:
        """Write as text what a formula, or a word with its reading, expresses by the position of its parts."""
        parent, previous = element.getparent(), element.getprevious()
        around = "" if parent is None else parent.tag
        second = previous is not None and previous.getprevious() is None
        if element.tag == "msqrt":
            self._writer.text("√")
        if around == "mfrac" and second:
            self._writer.text("/")
        if around in _RAISED and second:
            before = self._writer.marks
            self._writer.marks = [*before, Mark(_RAISED[around])]
            self._reading.at_end(element, lambda: setattr(self._writer, "marks", before))
        if is_bare_reading(element):
            self._writer.text("(")
            self._reading.at_end(element, lambda: self._writer.text(")"))

"""A text from outside while it is read: what was read of it, and what was removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from stories.domain.archive.anchors import Anchors
from stories.domain.archive.directions import Directions
from stories.domain.archive.elements import RETAINED_ATTRIBUTES, SILENT
from stories.domain.archive.html_writer import TextWriter
from stories.domain.archive.pieces import BodyPiece, TextPiece

# The names that are counted separately: a report need not repeat the names that broken quotation marks produce.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


class Reading:
    """What the readers of one text share. `quote` is the block quotation that is open, None if none is."""

    def __init__(self, anchors: Anchors, language: str) -> None:
        self.anchors = anchors
        self.writer = TextWriter(next_leaf_id=self._next_leaf_id)
        self.directions = Directions(language)
        self.pieces: list[BodyPiece] = []
        self.removed: Counter[str] = Counter()
        self.quote: Any = None
        # Names of link targets that belong to the next paragraph.
        self._pending_names: list[str] = []
        # Pieces lifted out of a table or a quote, which are placed after it.
        self._lifted: list[BodyPiece] = []
        # What to call when each open element ends, in reverse order.
        self._leave: dict[Any, list[Callable[[], None]]] = {}

    def at_end(self, element: Any, leave: Callable[[], None]) -> None:
        """Call `leave` when an element ends, before what was to be called then already."""
        self._leave.setdefault(element, []).append(leave)

    def end(self, element: Any) -> None:
        """Do what remains to be done at the end of an element."""
        for leave in reversed(self._leave.pop(element, ())):
            leave()

    def note_anchors(self, element: Any) -> None:
        """Point links to this element at the paragraph that contains it, else at the next paragraph."""
        for name in self.anchors.at(element):
            if not self.writer.in_leaf:
                self._pending_names.append(name)
                continue
            known = self.writer.leaf_id
            written = self.anchors.register(name, known)
            if not known:
                self.writer.name_leaf(written)

    def _next_leaf_id(self) -> str:
        """Return the id for the paragraph that begins, "" for none."""
        written = ""
        for name in self._pending_names:
            written = self.anchors.register(name, written)
        self._pending_names.clear()
        return written

    def lift(self, piece: BodyPiece) -> None:
        """Place a piece after the text so far; after the table or quote that contains it, if one does."""
        if self.quote is not None or any(box.name == "table" for box in self.writer.boxes):
            # It stood between two words.
            self.writer.text(" ")
            self._lifted.append(piece)
        else:
            self.end_text()
            self.pieces.append(piece)

    def flush_lifted(self) -> None:
        """Place what was lifted out of a table or quote, unless another still contains it."""
        if self._lifted and self.quote is None and not any(box.name == "table" for box in self.writer.boxes):
            self.end_text()
            self.pieces += self._lifted
            self._lifted = []

    def end_text(self) -> None:
        """Make the text so far a piece."""
        text = self.writer.finish()
        if text:
            self.pieces.append(TextPiece(text))

    def count_removed(self, name: str) -> None:
        """Count an element that is removed, by its name."""
        self.removed[name if _NAME.fullmatch(name) else "?"] += 1

    def count(self, element: Any, is_removed: bool) -> None:
        """Count an element if it is removed, else the attributes that are removed from it."""
        if is_removed:
            self.count_removed(element.tag)
        elif element.tag not in SILENT:
            self.count_attributes(element)

    def count_attributes(self, element: Any) -> None:
        """Count the attributes that are removed from an element."""
        retained = (*RETAINED_ATTRIBUTES.get(element.tag, ()), "lang", "dir")
        if self.anchors.at(element):
            retained += ("id", "name")
        for attribute in element.attrib:
            if attribute not in retained:
                self.removed[f"{element.tag}[{attribute if _NAME.fullmatch(attribute) else '?'}]"] += 1

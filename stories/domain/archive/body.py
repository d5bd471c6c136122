"""Parse HTML from outside into the pieces of a story's body.

The text is parsed into a tree and written again with the few elements that our rich text has: unwrapping never joins
two words, and everything that is removed is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any, Final

from lxml import etree

from stories.domain.archive import shortcodes
from stories.domain.archive.anchors import Anchors
from stories.domain.archive.boxes import BoxReader
from stories.domain.archive.captions import is_figure
from stories.domain.archive.elements import (
    BOXES,
    DIRECTED,
    DISPLAYED,
    DIVISIONS,
    DROPPED,
    FRAMES,
    IN_QUOTES,
    LEAVES,
    MARKS,
    PLAIN,
    SILENT,
    classes,
    is_hidden,
    is_quotation,
    is_set_apart,
    is_web_address,
    styled,
)
from stories.domain.archive.html_writer import Mark
from stories.domain.archive.inline import InlineReader
from stories.domain.archive.media import MediaReader
from stories.domain.archive.page import read_page
from stories.domain.archive.pieces import (
    Body,
    BodyPiece,
    EmbedPiece,
    QuotePiece,
    TextPiece,
)
from stories.domain.archive.plain_text import element_text
from stories.domain.archive.quotes import QuoteReader
from stories.domain.archive.reading import Reading

# No real story comes close to either limit, although tags that are never closed nest in each other to its end.
MAX_CHARACTERS: Final = 4_000_000
MAX_DEPTH: Final = 1_000

# Elements that are on lines of their own whatever their style.
_APART: Final = frozenset((*LEAVES, *BOXES, *DIVISIONS, "br", "hr"))
# How WordPress stores the end of a paragraph without an element for it.
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n[ \t\r\n]*")


class BodyRefused(ValueError):
    """The text can't be a story's body; the message is a sentence."""


def parse_body(html: str, language: str = "en") -> Body:
    """Return the pieces of an HTML body in order; quotes, pictures and frames are lifted out of the text.

    `language` is the story's; text in another language is marked with its own.

    Raise BodyRefused for a text that is too long, or nested too deeply, to be a story.
    """
    if len(html) > MAX_CHARACTERS:
        raise BodyRefused(f"It has {len(html):,} characters; a body may have {MAX_CHARACTERS:,}.")
    if not html.strip():
        return Body((), Counter())
    root = read_page(html)
    return _Reader(Reading(Anchors(root), language)).read(root)


class _Reader:
    """Walk the tree once, without recursion."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._writer = reading.writer
        self._directions = reading.directions
        self._removed = reading.removed
        self._inline = InlineReader(reading)
        self._boxes = BoxReader(reading)
        self._quotes = QuoteReader(reading)
        self._media = MediaReader(reading)
        self._lines_count = False
        # How many block-level elements are open: text outside of any may be WordPress paragraphs without markup.
        self._parts_open = 0

    def read(self, root: Any) -> Body:
        # The parser adds two elements around the text's own.
        depth = -2
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise BodyRefused(f"Its tags nest more than {MAX_DEPTH:,} deep.")
                if not self._enter(element):
                    walker.skip_subtree()
                elif element.text:
                    self._text(element.text)
            else:
                depth -= 1
                self._reading.end(element)
                if element.tail:
                    self._text(element.tail)
        self._reading.end_text()
        return Body(tuple(self._with_links_resolved(piece) for piece in self._reading.pieces), self._removed)

    def _with_links_resolved(self, piece: BodyPiece) -> BodyPiece:
        if isinstance(piece, TextPiece | QuotePiece):
            return replace(piece, text=self._reading.anchors.resolve_links(piece.text, self._removed))
        return piece

    def _text(self, text: str) -> None:
        if self._lines_count:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self._writer.line_break()
                self._writer.text(line)
        elif self._writer.leaf == "pre" or any(mark.name == "code" for mark in self._writer.marks):
            self._writer.text(text)
        elif "[" in text:
            for words, shortcode, address in shortcodes.pieces(text):
                self._words(words)
                if shortcode:
                    self._media.shortcode(shortcode, address)
        else:
            self._words(text)

    def _words(self, text: str) -> None:
        if self._parts_open or self._writer.boxes or self._reading.quote is not None:
            self._writer.text(text)
            return
        for index, paragraph in enumerate(_BLANK_LINE.split(text)):
            if index:
                self._writer.end_leaf()
            self._writer.text(paragraph)

    def _enter(self, element: Any) -> bool:
        """Begin an element, and return whether to read its content."""
        name = element.tag
        if name in DROPPED or is_hidden(element):
            self._reading.count_removed(name)
            if name in DISPLAYED and not is_hidden(element):
                self._writer.text(" ")
            return False
        if name in ("img", "drupal-media", "drupal-entity"):
            self._reading.count_attributes(element)
            self._media.image(element)
        elif name in FRAMES:
            self._reading.count_attributes(element)
            self._media.embed(element)
        elif (
            self._reading.quote is not None
            and name in ("cite", "footer")
            and self._quotes.take_speaker(element)
        ):
            for image in element.iter("img"):
                self._media.image(image)
        elif self._media.is_caption(element):
            self._reading.note_anchors(element)
        elif "wp-block-embed__wrapper" in classes(element) and is_web_address(element_text(element)):
            self._reading.lift(EmbedPiece(element_text(element)))
        else:
            self._begin(element, name)
            return True
        self._reading.note_anchors(element)
        return False

    def _begin(self, element: Any, name: str) -> None:
        own = self._directions.own(element)
        if name not in _APART and is_set_apart(element):
            self._writer.separate()
            self._reading.at_end(element, self._writer.separate)
        if is_quotation(element) and self._reading.quote is None and not self._writer.boxes:
            self._reading.count_attributes(element)
            self._quotes.begin(element)
        elif (
            name in BOXES
            and (self._reading.quote is None or name in IN_QUOTES)
            and self._boxes.begin(element, name, own)
        ):
            self._reading.count_attributes(element)
        elif name in LEAVES:
            self._reading.count(element, name in ("dt", "dd", "caption", "summary", "legend"))
            self._begin_leaf(element, name)
        elif name in MARKS or name in PLAIN:
            self._inline.begin_mark(element, name, own)
        elif name in ("br", "hr"):
            self._reading.count_attributes(element)
            self._break(name)
        else:
            self._reading.count(element, name not in SILENT)
            if name == "input":
                self._writer.text(" ")
            elif name in DIVISIONS or name in BOXES:
                self._begin_division(element)
            else:
                self._inline.begin_formula(element)
        if name in LEAVES or name in BOXES or (name in DIVISIONS and name not in ("html", "body")):
            self._begin_part(element, own if name not in DIRECTED else {})
        self._reading.note_anchors(element)

    def _begin_part(self, element: Any, own: dict[str, str]) -> None:
        self._parts_open += 1
        back = self._directions.enter(own)
        self._writer.direction = self._directions.attributes

        def leave() -> None:
            self._parts_open -= 1
            back()
            self._writer.direction = self._directions.attributes

        self._reading.at_end(element, leave)

    def _begin_division(self, element: Any) -> None:
        self._writer.end_leaf()
        if is_figure(element):
            self._media.begin_figure(element)
        else:
            self._reading.at_end(element, self._writer.end_leaf)

    def _begin_leaf(self, element: Any, name: str) -> None:
        writer = self._writer
        leaf, boxes, marks, lines_count = writer.leaf, writer.boxes, writer.marks, self._lines_count
        writer.end_leaf()
        writer.leaf = LEAVES[name]
        if name == "caption" and boxes and boxes[-1].name == "table":
            writer.boxes = boxes[:-1]
        if self._reading.quote is not None and writer.leaf != "p":
            # Quotes have only paragraphs and lists: a heading becomes emphasised, and code keeps its line breaks.
            self._lines_count = writer.leaf == "pre"
            writer.marks = [*marks, Mark("code" if self._lines_count else "strong")]
            writer.leaf = "p"

        def leave() -> None:
            writer.end_leaf()
            writer.leaf, writer.boxes, writer.marks, self._lines_count = leaf, boxes, marks, lines_count

        self._reading.at_end(element, leave)
        added, _dropped = styled(element)
        if writer.leaf == "p":
            writer.marks = [*writer.marks, *(Mark(name) for name in added)]

    def _break(self, name: str) -> None:
        if name == "br":
            self._writer.line_break()
        elif self._reading.quote is None:
            self._writer.rule()
        else:
            self._removed[name] += 1
            self._writer.end_leaf()

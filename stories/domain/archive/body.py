"""Parse HTML from outside into the pieces of a story's body.

The text is parsed into a tree and written again with the few elements that our rich text has: unwrapping never joins
two words, and everything that is removed is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from stories.domain.archive import shortcodes as shortcodes
from stories.domain.archive.anchors import Anchors
from stories.domain.archive.captions import Figure, caption_of, figure_of, is_figure
from stories.domain.archive.directions import Directions, written
from stories.domain.archive.elements import (
    BOXES,
    DIRECTED,
    DIVISIONS,
    DROPPED,
    FRAMES,
    IN_QUOTES,
    LEAVES,
    MARKS,
    PLAIN,
    RENAMED,
    RETAINED_ATTRIBUTES,
    SILENT,
    address_in,
    cell_attributes,
    classes,
    element_text,
    int_attribute,
    is_hidden,
    is_quotation,
    is_web_address,
    link_attributes,
    list_type_attribute,
    scheme,
    styled,
)
from stories.domain.archive.html_writer import Box, Mark, TextWriter
from stories.domain.archive.pictures import is_counter, picture_address, resolve_lazy_pictures
from stories.domain.text.controls import one_line, without_control_references, without_controls
from stories.domain.text.tree import parse_html

# No real story comes close to either limit.
MAX_CHARACTERS: Final = 4_000_000
MAX_DEPTH: Final = 60
# The address of a picture without one (CSS Values 4): it never resolves.
MISSING_ADDRESS: Final = "about:invalid"
LONGEST_SPEAKER: Final = 200

# The names that are counted separately: a report need not repeat the names that broken quotation marks produce.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_DASHES: Final = "-–—― \t\n\r\f\xa0"
# What remains of a line of which the speaker's name was removed.
_LEFT_DASH = re.compile(r"<p[^>]*>[-–—―\s]*</p>$|\s*(?:<br>)?\s*[–—―]\s*(?=</p>$)")
# How WordPress stores the end of a paragraph without an element for it.
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
# The elements of formulas whose second part is raised or lowered.
_RAISED: Final = {"msup": "sup", "msub": "sub"}


class BodyRefused(ValueError):
    """The text can't be a story's body; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class QuotePiece:
    """A block quotation."""

    text: str
    speaker: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class ImagePiece:
    """A picture, by its address on the site that it came from."""

    address: str
    alt_text: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class EmbedPiece:
    """A page that was embedded in the page."""

    address: str


BodyPiece = TextPiece | QuotePiece | ImagePiece | EmbedPiece


@dataclass(frozen=True, slots=True)
class Body:
    """A parsed body. `removed` counts what was removed: elements by name, attributes as in "a[id]"."""

    pieces: tuple[BodyPiece, ...]
    removed: Counter[str]


def parse_body(html: str, language: str = "en") -> Body:
    """Return the pieces of an HTML body in order; quotes, pictures and frames are lifted out of the text.

    `language` is the story's; text in another language is marked with its own.

    Raise BodyRefused for a text that is too long, or nested too deeply, to be a story.
    """
    if len(html) > MAX_CHARACTERS:
        raise BodyRefused(f"It has {len(html):,} characters; a body may have {MAX_CHARACTERS:,}.")
    if not html.strip():
        return Body((), Counter())
    root = parse_html(shortcodes.with_figures(without_controls(without_control_references(html))))
    resolve_lazy_pictures(root)
    return _Reader(Anchors(root), language).read(root)


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


class _Reader:
    """Walk the tree once, without recursion."""

    def __init__(self, anchors: Anchors, language: str) -> None:
        self.anchors = anchors
        # Names of link targets that belong to the next paragraph.
        self.pending_names: list[str] = []
        self.writer = TextWriter(next_leaf_id=self._next_leaf_id)
        self.directions = Directions(language)
        self.pieces: list[BodyPiece] = []
        self.removed: Counter[str] = Counter()
        # Pieces lifted out of a table or a quote, which are placed after it.
        self.lifted: list[BodyPiece] = []
        self.quote: Any = None
        self.speaker = ""
        self.figures: list[Figure] = []
        self.lines_count = False
        # How many block-level elements are open: text outside of any may be WordPress paragraphs without markup.
        self.parts_open = 0
        self.quotation_marks = 0
        # What to call when each open element ends, in reverse order.
        self.leave: dict[Any, list[Callable[[], None]]] = {}

    def read(self, root: Any) -> Body:
        # The parser adds two elements around the text's own.
        depth = -2
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise BodyRefused(f"Its tags nest more than {MAX_DEPTH} deep.")
                if not self._enter(element):
                    walker.skip_subtree()
                elif element.text:
                    self._text(element.text)
            else:
                depth -= 1
                for leave in reversed(self.leave.pop(element, ())):
                    leave()
                if element.tail:
                    self._text(element.tail)
        self._end_text()
        return Body(tuple(self._with_links_resolved(piece) for piece in self.pieces), self.removed)

    def _with_links_resolved(self, piece: BodyPiece) -> BodyPiece:
        if isinstance(piece, TextPiece | QuotePiece):
            return replace(piece, text=self.anchors.resolve_links(piece.text, self.removed))
        return piece

    def _text(self, text: str) -> None:
        if self.lines_count:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self.writer.line_break()
                self.writer.text(line)
        elif self.writer.leaf == "pre" or any(mark.name == "code" for mark in self.writer.marks):
            self.writer.text(text)
        elif "[" in text:
            for words, shortcode, address in shortcodes.pieces(text):
                self._words(words)
                if shortcode:
                    self._shortcode(shortcode, address)
        else:
            self._words(text)

    def _words(self, text: str) -> None:
        if self.parts_open or self.writer.boxes or self.quote is not None:
            self.writer.text(text)
            return
        for index, paragraph in enumerate(_BLANK_LINE.split(text)):
            if index:
                self.writer.end_leaf()
            self.writer.text(paragraph)

    def _shortcode(self, name: str, address: str) -> None:
        if is_web_address(address):
            self._lift(EmbedPiece(address))
        else:
            self.removed[name] += 1

    def _enter(self, element: Any) -> bool:
        """Begin an element, and return whether to read its content."""
        name = element.tag
        if name in DROPPED or is_hidden(element):
            self.removed[name if _NAME.fullmatch(name) else "?"] += 1
            return False
        if name in ("img", "drupal-media", "drupal-entity"):
            self._count_attributes(element)
            self._image(element)
        elif name in FRAMES:
            self._count_attributes(element)
            self._embed(element)
        elif self.quote is not None and name in ("cite", "footer") and self._take_speaker(element):
            pass
        elif any(figure.caption is element for figure in self.figures):
            self._note_anchors(element)
        elif "wp-block-embed__wrapper" in classes(element) and is_web_address(element_text(element)):
            self._lift(EmbedPiece(element_text(element)))
        else:
            self._begin(element, name)
            return True
        self._note_anchors(element)
        return False

    def _begin(self, element: Any, name: str) -> None:
        own = self.directions.own(element)
        if is_quotation(element) and self.quote is None and not self.writer.boxes:
            self._count_attributes(element)
            self._begin_quote(element)
        elif (
            name in BOXES
            and (self.quote is None or name in IN_QUOTES)
            and self._begin_box(element, name, own)
        ):
            self._count_attributes(element)
        elif name in LEAVES:
            self._count(element, name in ("dt", "dd", "caption", "summary", "legend"))
            self._begin_leaf(element, name)
        elif name in MARKS or name in PLAIN:
            self._begin_mark(element, name, own)
        elif name in ("br", "hr"):
            self._count_attributes(element)
            self._break(name)
        else:
            self._count(element, name not in SILENT)
            if name in DIVISIONS or name in BOXES:
                self._begin_division(element)
            else:
                self._begin_formula(element)
        if name in LEAVES or name in BOXES or (name in DIVISIONS and name not in ("html", "body")):
            self._begin_part(element, own if name not in DIRECTED else {})
        self._note_anchors(element)

    def _begin_part(self, element: Any, own: dict[str, str]) -> None:
        self.parts_open += 1
        back = self.directions.enter(own)
        self.writer.direction = self.directions.attributes

        def leave() -> None:
            self.parts_open -= 1
            back()
            self.writer.direction = self.directions.attributes

        self._at_end(element, leave)

    def _at_end(self, element: Any, leave: Callable[[], None]) -> None:
        self.leave.setdefault(element, []).append(leave)

    # ---------------------------------------------------------------------------------------- anchors

    def _note_anchors(self, element: Any) -> None:
        """Point links to this element at the paragraph that contains it, else at the next paragraph."""
        for name in self.anchors.at(element):
            if not self.writer.in_leaf:
                self.pending_names.append(name)
                continue
            known = self.writer.leaf_id
            written = self.anchors.register(name, known)
            if not known:
                self.writer.name_leaf(written)

    def _next_leaf_id(self) -> str:
        """Return the id for the paragraph that begins, "" for none."""
        written = ""
        for name in self.pending_names:
            written = self.anchors.register(name, written)
        self.pending_names.clear()
        return written

    # ------------------------------------------------------------------------------------ paragraphs

    def _begin_division(self, element: Any) -> None:
        self.writer.end_leaf()
        if is_figure(element):
            figure = figure_of(element)
            self.figures.append(figure)
            self._at_end(element, lambda: self._end_figure(figure))
        else:
            self._at_end(element, self.writer.end_leaf)

    def _end_figure(self, figure: Figure) -> None:
        self.writer.end_leaf()
        self.figures.remove(figure)
        if figure.caption is not None and not figure.used:
            # The figure's caption was not used after all.
            self.writer.text(element_text(figure.caption))
            self.writer.end_leaf()

    def _begin_leaf(self, element: Any, name: str) -> None:
        writer = self.writer
        leaf, boxes, marks, lines_count = writer.leaf, writer.boxes, writer.marks, self.lines_count
        writer.end_leaf()
        writer.leaf = LEAVES[name]
        if name == "caption" and boxes and boxes[-1].name == "table":
            writer.boxes = boxes[:-1]
        if self.quote is not None and writer.leaf != "p":
            # Quotes have only paragraphs and lists: a heading becomes emphasised, and code keeps its line breaks.
            self.lines_count = writer.leaf == "pre"
            writer.marks = [*marks, Mark("code" if self.lines_count else "strong")]
            writer.leaf = "p"

        def leave() -> None:
            writer.end_leaf()
            writer.leaf, writer.boxes, writer.marks, self.lines_count = leaf, boxes, marks, lines_count

        self._at_end(element, leave)
        added, _dropped = styled(element)
        if writer.leaf == "p":
            writer.marks = [*writer.marks, *(Mark(name) for name in added)]

    def _begin_mark(self, element: Any, name: str, own: dict[str, str]) -> None:
        writer = self.writer
        if writer.leaf == "pre":
            self._count(element, name != "code")
            return
        added, dropped = styled(element)
        attributes = link_attributes(element) if name == "a" else ""
        fresh: list[Mark] = []
        if own:
            fresh.append(Mark("span", written(own)))
            self._at_end(element, self.directions.enter_words(own))
        if name in PLAIN or MARKS[name] in dropped:
            self._count(element, not own)
        elif name == "a" and not attributes:
            self._count(element, not self.anchors.at(element))
        else:
            self._count(element, name not in RENAMED and MARKS[name] != name)
            fresh.append(Mark(MARKS[name], attributes))
        if writer.leaf == "p":
            fresh += [Mark(each) for each in added]
        before = writer.marks
        writer.marks = [mark for mark in before if mark.name not in dropped] + fresh

        def leave() -> None:
            writer.marks = before
            if any(mark.name == "a" and not mark.written for mark in fresh):
                self.removed[name] += 1

        self._at_end(element, leave)
        if name == "q":
            self._begin_quoted_words(element)

    def _begin_quoted_words(self, element: Any) -> None:
        opening, closing = "“”" if self.quotation_marks % 2 == 0 else "‘’"
        self.quotation_marks += 1
        self.writer.text(opening)

        def leave() -> None:
            self.quotation_marks -= 1
            self.writer.text(closing)

        self._at_end(element, leave)

    def _begin_formula(self, element: Any) -> None:
        """Write as text what a formula, or a word with its reading, expresses by the position of its parts."""
        parent, previous = element.getparent(), element.getprevious()
        around = "" if parent is None else parent.tag
        second = previous is not None and previous.getprevious() is None
        if element.tag == "msqrt":
            self.writer.text("√")
        if around == "mfrac" and second:
            self.writer.text("/")
        if around in _RAISED and second:
            before = self.writer.marks
            self.writer.marks = [*before, Mark(_RAISED[around])]
            self._at_end(element, lambda: setattr(self.writer, "marks", before))
        if element.tag == "rt" and parent.find("rp") is None:
            self.writer.text("(")
            self._at_end(element, lambda: self.writer.text(")"))

    def _break(self, name: str) -> None:
        if name == "br":
            self.writer.line_break()
        elif self.quote is None:
            self.writer.rule()
        else:
            self.removed[name] += 1
            self.writer.end_leaf()

    # --------------------------------------------------------------------------------- lists, tables

    def _begin_box(self, element: Any, name: str, own: dict[str, str]) -> bool:
        """Begin a list, table or part of one; return False for a part outside of any."""
        writer = self.writer
        parents = BOXES[name]
        inside = [index for index, box in enumerate(writer.boxes) if box.name in parents]
        if parents and not inside:
            return False
        writer.end_leaf()
        if parents:
            del writer.boxes[inside[-1] + 1 :]
        if name == "li" and "value" in element.attrib:
            self._number_items(inside[-1], int_attribute(element.get("value")))
        declared = self.directions.attributes_of(own) if name in DIRECTED else ""
        writer.push(_box(element, name, declared))
        before = len(writer.boxes) - 1

        def leave() -> None:
            writer.end_leaf()
            if name in ("td", "th"):
                # An empty cell must be written too, so that the columns remain aligned.
                writer.enter_boxes()
            del writer.boxes[before:]
            if name == "table":
                self._flush_lifted()

        self._at_end(element, leave)
        if name in DIRECTED:
            back = self.directions.enter(own, declared=True)
            writer.direction = self.directions.attributes

            def out() -> None:
                back()
                writer.direction = self.directions.attributes

            self._at_end(element, out)
        return True

    def _number_items(self, index: int, expected: int | None) -> None:
        """Begin the list again if the item's number is not the one that comes next."""
        box = self.writer.boxes[index]
        if (
            box.name == "ol"
            and expected is not None
            and expected != (1 if box.number is None else box.number)
        ):
            self.writer.boxes[index] = Box(box.name, box.attributes, start=expected, step=box.step)

    # ------------------------------------------------------------------- quotes, pictures and frames

    def _begin_quote(self, element: Any) -> None:
        self._end_text()
        self.quote = element
        self.speaker = ""
        # A quotation inside a heading has paragraphs of its own.
        leaf, self.writer.leaf = self.writer.leaf, "p"

        def leave() -> None:
            self._end_quote()
            self.writer.leaf = leaf

        self._at_end(element, leave)

    def _end_quote(self) -> None:
        text = self.writer.finish()
        if self.speaker:
            text = _LEFT_DASH.sub("", text)
        address = address_in(self.quote.get("cite"))
        if address and not is_web_address(address):
            self.removed["blockquote[cite]"] += 1
            address = ""
        if text or self.speaker:
            self.pieces.append(QuotePiece(text, self.speaker, address))
        self.quote = None
        self._flush_lifted()

    def _take_speaker(self, element: Any) -> bool:
        name = element_text(element).strip(_DASHES)
        if self.speaker or not name or len(name) > LONGEST_SPEAKER:
            return False
        if element.tag == "cite" and not self._ends_quote(element):
            return False
        self.speaker = name
        for inner in element.iterdescendants():
            self._count(inner, inner.tag != "cite")
        return True

    def _ends_quote(self, element: Any) -> bool:
        """Return whether a `cite` is apart from the quoted words: on a line of its own, or at the very end."""
        if element.getparent() is self.quote and not (element.tail or "").strip():
            previous = element.getprevious()
            before = self.quote.text if previous is None else previous.tail
            if not (before or "").strip():
                return True
        while element is not self.quote:
            if (element.tail or "").strip():
                return False
            if any(
                element_text(following) or (following.tail or "").strip()
                for following in element.itersiblings()
            ):
                return False
            element = element.getparent()
        return True

    def _image(self, element: Any) -> None:
        if is_counter(element):
            self.removed["img"] += 1
            return
        address = picture_address(element)
        alt_text = one_line(element.get("alt", ""))
        caption = self._caption(element)
        if scheme(address) not in ("", "http", "https") and not address.startswith("data:image/"):
            self.removed["img[src]"] += 1
            address = ""
        if address or alt_text or caption:
            self._lift(ImagePiece(address or MISSING_ADDRESS, alt_text, caption))
        else:
            self.removed[element.tag] += 1

    def _caption(self, image: Any) -> str:
        """Return the caption of a picture: that of its figure, else the one that Drupal stores in an attribute."""
        figure = self.figures[-1] if self.figures else None
        if figure is not None and figure.image is image and figure.caption is not None:
            figure.used = True
            found = caption_of(figure.caption)
            self._count_attributes(figure.caption)
        elif image.get("data-caption"):
            found = caption_of(parse_html(image.get("data-caption")))
        else:
            return ""
        self.removed += found.removed
        return found.text

    def _embed(self, element: Any) -> None:
        inner = [each for name in ("source", "embed", "iframe") for each in element.iterdescendants(name)]
        addresses = [address_in(each.get("src") or each.get("data")) for each in (element, *inner)]
        address = next((each for each in addresses if each), "")
        if address.startswith("//"):
            address = f"https:{address}"
        if is_web_address(address):
            self._lift(EmbedPiece(address))
        else:
            self.removed[element.tag] += 1

    def _lift(self, piece: BodyPiece) -> None:
        if self.quote is not None or any(box.name == "table" for box in self.writer.boxes):
            self.lifted.append(piece)
        else:
            self._end_text()
            self.pieces.append(piece)

    def _flush_lifted(self) -> None:
        if self.lifted and self.quote is None and not any(box.name == "table" for box in self.writer.boxes):
            self._end_text()
            self.pieces += self.lifted
            self.lifted = []

    def _end_text(self) -> None:
        text = self.writer.finish()
        if text:
            self.pieces.append(TextPiece(text))

    # -------------------------------------------------------------------------------------- counting

    def _count(self, element: Any, is_removed: bool) -> None:
        if is_removed:
            self.removed[element.tag if _NAME.fullmatch(element.tag) else "?"] += 1
        elif element.tag not in SILENT:
            self._count_attributes(element)

    def _count_attributes(self, element: Any) -> None:
        retained = (*RETAINED_ATTRIBUTES.get(element.tag, ()), "lang", "dir")
        if self.anchors.at(element):
            retained += ("id", "name")
        for attribute in element.attrib:
            if attribute not in retained:
                self.removed[f"{element.tag}[{attribute if _NAME.fullmatch(attribute) else '?'}]"] += 1

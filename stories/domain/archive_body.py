"""HTML from outside, as the pieces of a story's body.

The text is parsed into a tree and written anew with the few elements that our rich text knows: nothing
is unwrapped in a way that glues two words, and nothing is lost without being counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from stories.domain.archive_elements import (
    BOXES,
    DIVISIONS,
    DROPPED,
    IN_QUOTES,
    KEPT_ATTRIBUTES,
    LEAVES,
    MARKS,
    RENAMED,
    SILENT,
    is_quotation,
    is_web_address,
    link,
    number,
    plain,
    scheme,
    spans,
)
from stories.domain.archive_writer import Box, Mark, TextWriter
from stories.domain.html_tree import parsed

# No real story comes near either.
MOST_CHARACTERS: Final = 4_000_000
MOST_DEPTH: Final = 60
# The address of a picture that gives none (CSS Values 4): nothing is ever found there.
NO_ADDRESS: Final = "about:invalid"
LONGEST_SPEAKER: Final = 200

# What names are counted by themselves: a report need not repeat what somebody's broken quotation marks made.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DASHES: Final = "-–—― \t\n\r\f\xa0"
# What the name of a speaker leaves behind when it is taken out of the words.
_LEFT_DASH = re.compile(r"<p>[-–—―\s]*</p>$|\s*(?:<br>)?\s*[–—―]\s*(?=</p>$)")


class BodyRefused(ValueError):
    """A text that is nobody's story; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation that stands by itself."""

    text: str
    speaker: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, by its address where it came from."""

    address: str
    alt_text: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Embed:
    """A page that was shown inside the page."""

    address: str


Piece = Text | Quote | Image | Embed


@dataclass(frozen=True, slots=True)
class Body:
    """A body taken apart. `removed` counts what is not kept: elements by name, attributes as in "a[id]"."""

    pieces: tuple[Piece, ...]
    removed: Counter[str]


def take_apart(html: str) -> Body:
    """The pieces of an HTML body, in order; quotes, pictures and frames are lifted out of the text.

    Raises BodyRefused for a text that is too long, or nested too deeply, to be a story.
    """
    if len(html) > MOST_CHARACTERS:
        raise BodyRefused(f"It has {len(html):,} characters; a body may have {MOST_CHARACTERS:,}.")
    if not html.strip():
        return Body((), Counter())
    return _Reader().read(parsed(_CONTROL.sub("", html)))


class _Reader:
    """Walks the tree once, without recursion."""

    def __init__(self) -> None:
        self.writer = TextWriter()
        self.pieces: list[Piece] = []
        self.removed: Counter[str] = Counter()
        # What is lifted out of a table or a quote stands after it.
        self.lifted: list[Piece] = []
        self.quote: Any = None
        self.speaker = ""
        self.captions: list[str] = []
        self.lines_count = False
        # How each open element is left.
        self.leave: dict[Any, Any] = {}

    def read(self, root: Any) -> Body:
        # Beside the text's own elements there are the two around it.
        depth = -2
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                depth += 1
                if depth > MOST_DEPTH:
                    raise BodyRefused(f"Its tags nest more than {MOST_DEPTH} deep.")
                if not self._enter(element):
                    walker.skip_subtree()
                elif element.text:
                    self._text(element.text)
            else:
                depth -= 1
                leave = self.leave.pop(element, None)
                if leave is not None:
                    leave()
                if element.tail:
                    self._text(element.tail)
        self._end_text()
        return Body(tuple(self.pieces), self.removed)

    def _text(self, text: str) -> None:
        if not self.lines_count:
            self.writer.text(text)
            return
        for index, line in enumerate(text.split("\n")):
            if index:
                self.writer.line_break()
            self.writer.text(line)

    def _enter(self, element: Any) -> bool:
        """Begin an element; tells whether what it holds is to be read."""
        name = element.tag
        if name in DROPPED:
            self.removed[name] += 1
            return False
        if name in ("img", "iframe"):
            self._count_attributes(element)
            self._image(element) if name == "img" else self._embed(element)
            return False
        if self.quote is not None and name in ("cite", "footer") and self._take_speaker(element):
            return False
        if name == "figcaption" and self.captions:
            return False
        self._begin(element, name)
        return True

    def _begin(self, element: Any, name: str) -> None:
        if is_quotation(element) and self.quote is None and not self.writer.boxes:
            self._count_attributes(element)
            self._begin_quote(element)
        elif name in BOXES and (self.quote is None or name in IN_QUOTES) and self._begin_box(element, name):
            self._count_attributes(element)
        elif name in LEAVES:
            self._count(element, name in ("dt", "dd", "caption", "summary", "legend"))
            self._begin_leaf(element, name)
        elif name in MARKS:
            self._begin_mark(element, name)
        elif name in ("br", "hr"):
            self._count_attributes(element)
            self._break(name)
        elif name == "q":
            self._count(element, True)
            self.writer.text("“")
            self.leave[element] = lambda: self.writer.text("”")
        else:
            self._count(element, name not in SILENT)
            if name in DIVISIONS or name in BOXES:
                self._begin_division(element, name)

    # ------------------------------------------------------------------------------------ paragraphs

    def _begin_division(self, element: Any, name: str) -> None:
        self.writer.end_leaf()
        if name == "figure" and element.find(".//img") is not None:
            caption = element.find(".//figcaption")
            self.captions.append(plain(caption) if caption is not None else "")
            self.leave[element] = self._end_figure
        else:
            self.leave[element] = self.writer.end_leaf

    def _end_figure(self) -> None:
        self.writer.end_leaf()
        self.captions.pop()

    def _begin_leaf(self, element: Any, name: str) -> None:
        writer = self.writer
        leaf, boxes, marks, lines_count = writer.leaf, writer.boxes, writer.marks, self.lines_count
        writer.end_leaf()
        writer.leaf = LEAVES[name]
        if name == "caption" and boxes and boxes[-1].name == "table":
            writer.boxes = boxes[:-1]
        if self.quote is not None and writer.leaf != "p":
            # Quotes hold paragraphs and lists alone: a heading is emphasised, code keeps its lines.
            self.lines_count = writer.leaf == "pre"
            writer.marks = [*marks, Mark("code" if self.lines_count else "strong")]
            writer.leaf = "p"

        def leave() -> None:
            writer.end_leaf()
            writer.leaf, writer.boxes, writer.marks, self.lines_count = leaf, boxes, marks, lines_count

        self.leave[element] = leave

    def _begin_mark(self, element: Any, name: str) -> None:
        writer = self.writer
        attributes = link(element) if name == "a" else ""
        if writer.leaf == "pre" or (name == "a" and not attributes):
            self._count(element, name != "code")
            return
        self._count(element, name not in RENAMED and MARKS[name] != name)
        mark = Mark(MARKS[name], attributes)
        writer.marks = [*writer.marks, mark]

        def leave() -> None:
            writer.marks = [each for each in writer.marks if each is not mark]
            if name == "a" and not mark.written:
                self.removed[name] += 1

        self.leave[element] = leave

    def _break(self, name: str) -> None:
        if name == "br":
            self.writer.line_break()
        elif self.quote is None:
            self.writer.rule()
        else:
            self.removed[name] += 1
            self.writer.end_leaf()

    # --------------------------------------------------------------------------------- lists, tables

    def _begin_box(self, element: Any, name: str) -> bool:
        """Begin a list, table or part of one; False for a part that stands in none."""
        writer = self.writer
        parents = BOXES[name]
        inside = [index for index, box in enumerate(writer.boxes) if box.name in parents]
        if parents and not inside:
            return False
        writer.end_leaf()
        if parents:
            del writer.boxes[inside[-1] + 1 :]
        writer.push(Box(name, spans(element), start=number(element.get("start"), 1)))
        before = len(writer.boxes) - 1

        def leave() -> None:
            writer.end_leaf()
            if name in ("td", "th"):
                # An empty cell holds its column's place.
                writer.enter_boxes()
            del writer.boxes[before:]
            if name == "table":
                self._put_down()

        self.leave[element] = leave
        return True

    # ------------------------------------------------------------------- quotes, pictures and frames

    def _begin_quote(self, element: Any) -> None:
        self._end_text()
        self.quote = element
        self.speaker = ""
        # In a heading a quotation has paragraphs of its own.
        leaf, self.writer.leaf = self.writer.leaf, "p"

        def leave() -> None:
            self._end_quote()
            self.writer.leaf = leaf

        self.leave[element] = leave

    def _end_quote(self) -> None:
        text = self.writer.finish()
        if self.speaker:
            text = _LEFT_DASH.sub("", text)
        address = self.quote.get("cite", "").strip()
        if address and not is_web_address(address):
            self.removed["blockquote[cite]"] += 1
            address = ""
        if text or self.speaker:
            self.pieces.append(Quote(text, self.speaker, address))
        self.quote = None
        self._put_down()

    def _take_speaker(self, element: Any) -> bool:
        name = plain(element).strip(_DASHES)
        if self.speaker or not name or len(name) > LONGEST_SPEAKER:
            return False
        if element.tag == "cite" and not self._ends_quote(element):
            return False
        self.speaker = name
        for inner in element.iterdescendants():
            self._count(inner, inner.tag != "cite")
        return True

    def _ends_quote(self, element: Any) -> bool:
        """Whether a `cite` stands apart from the words: in a line of its own, or as the very last."""
        if element.getparent() is self.quote and not (element.tail or "").strip():
            previous = element.getprevious()
            before = self.quote.text if previous is None else previous.tail
            if not (before or "").strip():
                return True
        while element is not self.quote:
            if (element.tail or "").strip():
                return False
            if any(
                plain(following) or (following.tail or "").strip() for following in element.itersiblings()
            ):
                return False
            element = element.getparent()
        return True

    def _image(self, element: Any) -> None:
        address = element.get("src", "").strip()
        alt_text = " ".join(element.get("alt", "").split())
        caption = ""
        if self.captions:
            caption, self.captions[-1] = self.captions[-1], ""
        if scheme(address) not in ("", "http", "https") and not address.startswith("data:image/"):
            self.removed["img[src]"] += 1
            address = ""
        if address or alt_text or caption:
            self._lift(Image(address or NO_ADDRESS, alt_text, caption))
        else:
            self.removed["img"] += 1

    def _embed(self, element: Any) -> None:
        address = element.get("src", "").strip().replace(" ", "%20")
        if address.startswith("//"):
            address = f"https:{address}"
        if is_web_address(address):
            self._lift(Embed(address))
        else:
            self.removed["iframe"] += 1

    def _lift(self, piece: Piece) -> None:
        if self.quote is not None or any(box.name == "table" for box in self.writer.boxes):
            self.lifted.append(piece)
        else:
            self._end_text()
            self.pieces.append(piece)

    def _put_down(self) -> None:
        if self.lifted and self.quote is None and not any(box.name == "table" for box in self.writer.boxes):
            self._end_text()
            self.pieces += self.lifted
            self.lifted = []

    def _end_text(self) -> None:
        text = self.writer.finish()
        if text:
            self.pieces.append(Text(text))

    # -------------------------------------------------------------------------------------- counting

    def _count(self, element: Any, gone: bool) -> None:
        if gone:
            self.removed[element.tag if _NAME.fullmatch(element.tag) else "?"] += 1
        elif element.tag not in SILENT:
            self._count_attributes(element)

    def _count_attributes(self, element: Any) -> None:
        for attribute in element.attrib:
            if attribute not in KEPT_ATTRIBUTES.get(element.tag, ()):
                self.removed[f"{element.tag}[{attribute if _NAME.fullmatch(attribute) else '?'}]"] += 1

"""Find the caption of each picture, and reduce its markup to what a caption may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from stories.domain.archive.elements import DROPPED, FRAMES, address_in, classes, is_hidden
from stories.domain.archive.pictures import is_counter
from stories.domain.archive.plain_text import PlainReader
from stories.domain.text.captions import caption_link
from stories.domain.text.controls import one_line

# The classes that WordPress, its galleries and Drupal give a picture with its caption, and the caption.
_FIGURES: Final = frozenset(("wp-caption", "gallery-item", "image-caption-container"))
_CAPTIONS: Final = frozenset(("wp-caption-text", "wp-caption-dd", "gallery-caption", "image-caption"))


@dataclass(slots=True, eq=False)
class Figure:
    """A figure being read: its only picture, and the element that holds the picture's caption."""

    image: Any = None
    caption: Any = None
    used: bool = False


@dataclass(slots=True)
class Caption:
    """A caption as plain text with its links written out; `removed` counts the markup that was removed."""

    text: str
    removed: Counter[str] = field(default_factory=Counter)


def is_figure(element: Any) -> bool:
    return element.tag == "figure" or not _FIGURES.isdisjoint(classes(element))


def is_caption(element: Any) -> bool:
    return element.tag == "figcaption" or not _CAPTIONS.isdisjoint(classes(element))


def figure_of(element: Any) -> Figure:
    """Return a figure's only picture and its caption.

    Return an empty Figure if it has several pictures, or contains other figures: a caption of all of them is not the
    caption of one, and remains running text.
    """
    images, captions, others = [], [], 0
    for inner in _own(element):
        if is_hidden(inner):
            continue
        if inner.tag == "img":
            images += [] if is_counter(inner) else [inner]
        elif is_caption(inner):
            captions.append(inner)
        elif is_figure(inner) or inner.tag in FRAMES:
            others += 1
    if len(images) != 1 or others or not captions:
        return Figure()
    return Figure(images[0], captions[0])


def caption_of(element: Any) -> Caption:
    """Return an element's words as a caption: its line breaks, and its links in the notation of captions."""
    reader = _Reader()
    reader.read(element)
    lines = (one_line(line) for line in "".join(reader.out).split("\n"))
    return Caption("\n".join(line for line in lines if line), reader.removed)


class _Reader(PlainReader):
    def __init__(self) -> None:
        super().__init__()
        # The link that is open, and where its words begin.
        self._link: Any = None
        self._begun = 0

    def begin(self, element: Any) -> None:
        if element.tag == "a" and self._link is None:
            self._link, self._begun = element, len(self.out)

    def end(self, element: Any) -> None:
        if element is not self._link:
            return
        around = "".join(self.out[self._begun :])
        made = caption_link(one_line(around), address_in(element.get("href")))
        if made:
            before, after = around.startswith(" "), around.endswith(" ")
            self.out[self._begun :] = [" " * before, made, " " * after]
            self.removed["a"] -= 1
        self._link = None


def _own(figure: Any) -> Iterator[Any]:
    """Yield the elements of a figure, except those of nested figures, tables, quotations and captions."""
    walker = etree.iterwalk(figure, events=("start",))
    for _event, inner in walker:
        if inner is figure:
            continue
        yield inner
        apart = inner.tag in ("table", "blockquote") or inner.tag in DROPPED
        if apart or is_figure(inner) or is_caption(inner) or is_hidden(inner):
            walker.skip_subtree()

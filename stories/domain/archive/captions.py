"""Find the caption of each picture, and reduce its markup to what a caption may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from stories.domain.archive.elements import (
    DIVISIONS,
    DROPPED,
    FRAMES,
    LEAVES,
    SILENT,
    address_in,
    classes,
    is_hidden,
)
from stories.domain.archive.pictures import is_counter
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


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.removed: Counter[str] = Counter()
        # Where the words of the open link begin.
        self.begun = -1

    def read(self, element: Any) -> None:
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, inner in walker:
            if event == "start":
                self._enter(inner, walker, outermost=inner is element)
            else:
                self._leave(inner)
                if inner is not element:
                    self._text(inner.tail)

    def _enter(self, inner: Any, walker: Any, *, outermost: bool) -> None:
        name = inner.tag
        if not outermost and (name in DROPPED or name in FRAMES or name == "img" or is_hidden(inner)):
            self.removed[name] += 1
            walker.skip_subtree()
            return
        if name == "br" or (name in LEAVES or name in DIVISIONS or name in ("li", "tr")):
            self.out.append("\n")
        if name == "a" and self.begun < 0:
            self.begun = len(self.out)
        elif not outermost and name not in SILENT and name not in ("br", "p", "a"):
            self.removed[name] += 1
        self._text(inner.text)

    def _leave(self, inner: Any) -> None:
        if inner.tag == "a" and self.begun >= 0:
            words = one_line("".join(self.out[self.begun :]))
            made = caption_link(words, address_in(inner.get("href")))
            if made:
                around = "".join(self.out[self.begun :])
                before, after = around.startswith(" "), around.endswith(" ")
                self.out[self.begun :] = [" " * before, made, " " * after]
            else:
                self.removed["a"] += 1
            self.begun = -1
        elif inner.tag in LEAVES or inner.tag in DIVISIONS:
            self.out.append("\n")

    def _text(self, text: str | None) -> None:
        if text:
            # White space collapses: line breaks in the source are not line breaks of the caption.
            self.out.append(" ".join(text.replace("\t", " ").replace("\r", " ").split("\n")))


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

"""Read pictures with their captions, and the pages, films and sounds that a page embeds."""

from __future__ import annotations

from typing import Any

from stories.domain.archive.captions import Figure, caption_of, figure_of
from stories.domain.archive.elements import LONGEST_ALT_TEXT, LONGEST_CAPTION, is_web_address
from stories.domain.archive.frames import frame_address
from stories.domain.archive.pictures import is_counter, is_emoji, is_picture_address, picture_address
from stories.domain.archive.pieces import MISSING_ADDRESS, EmbedPiece, ImagePiece
from stories.domain.archive.plain_text import element_text
from stories.domain.archive.reading import Reading
from stories.domain.text.controls import one_line
from stories.domain.text.tree import parse_html


class MediaReader:
    """Read what one text displays beside its words."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._writer = reading.writer
        self._removed = reading.removed
        self._figures: list[Figure] = []

    def begin_figure(self, element: Any) -> None:
        """Begin a figure, whose picture takes its caption."""
        figure = figure_of(element)
        self._figures.append(figure)
        self._reading.at_end(element, lambda: self._end_figure(figure))

    def _end_figure(self, figure: Figure) -> None:
        self._writer.end_leaf()
        self._figures.remove(figure)
        if figure.caption is not None and not figure.used:
            # The figure's caption was not used after all.
            self._writer.text(element_text(figure.caption))
            self._writer.end_leaf()

    def is_caption(self, element: Any) -> bool:
        """Return whether an element is the caption of an open figure's picture."""
        return any(figure.caption is element for figure in self._figures)

    def shortcode(self, name: str, address: str) -> None:
        """Read a shortcode that displays the page at an address."""
        if is_web_address(address):
            self._reading.lift(EmbedPiece(address))
        else:
            self._removed[name] += 1

    def image(self, element: Any) -> None:
        """Read an `img`, or what stands for one."""
        if is_counter(element):
            self._removed["img"] += 1
            return
        if is_emoji(element):
            self._writer.text(element.get("alt"))
            return
        address = picture_address(element)
        alt_text = one_line(element.get("alt", ""))
        caption = self._caption(element)
        if not is_picture_address(address):
            self._removed["img[src]"] += 1
            address = ""
        if len(alt_text) > LONGEST_ALT_TEXT:
            self._removed["img[alt]"] += 1
            alt_text = alt_text[:LONGEST_ALT_TEXT].rpartition(" ")[0] or alt_text[:LONGEST_ALT_TEXT]
        if address or alt_text or caption:
            self._reading.lift(ImagePiece(address or MISSING_ADDRESS, alt_text, caption))
        else:
            self._removed[element.tag] += 1
            self._writer.text(" ")

    def _caption(self, image: Any) -> str:
        """Return the caption of a picture: that of its figure, else the one that Drupal stores in an attribute."""
        figure = self._figures[-1] if self._figures else None
        if figure is not None and figure.image is image and figure.caption is not None:
            found = caption_of(figure.caption)
            if len(found.text) > LONGEST_CAPTION:
                # It becomes running text at the end of the figure.
                return ""
            figure.used = True
            self._reading.count_attributes(figure.caption)
        elif image.get("data-caption"):
            found = caption_of(parse_html(image.get("data-caption")))
            if len(found.text) > LONGEST_CAPTION:
                self._removed["img[data-caption]"] += 1
                return ""
        else:
            return ""
        self._removed += found.removed
        return found.text

    def embed(self, element: Any) -> None:
        """Read an element that embeds a page, a film or a sound."""
        address = frame_address(element)
        if address:
            self._reading.lift(EmbedPiece(address))
        else:
            self._removed[element.tag] += 1
            self._writer.text(" ")

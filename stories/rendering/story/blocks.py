"""Render blocks: a kind of block is one entry and one template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from stories.domain.pictures import widths_of
from stories.domain.snapshot import Block, EmbedBlock, ImageBlock, QuoteBlock, TextBlock
from stories.domain.text import captions
from stories.domain.text.mask import WITHHELD_ADDRESS

# The width of a picture's layout if there is room, in CSS pixels, as in the stylesheet.
COLUMN = 624


# Returns the address of a picture, by its digest and a width in pixels.
PictureAddress = Callable[[str, int], str]


def public_picture(digest: str, width: int) -> str:
    """Return the public address of a picture, where it is available once a version displays it."""
    return reverse("public:picture", args=[digest, width])


def render_block(
    block: Block, *, picture_address: PictureAddress = public_picture, at_once: bool = False
) -> SafeString:
    """Render a block. A preview passes its own addresses of pictures.

    `at_once`: its picture is visible immediately, and not loaded lazily.
    """
    template, context = _RENDERERS[type(block)]
    return render_to_string(template, {"block": block, "at_once": at_once, **context(block, picture_address)})


def render_picture(block: ImageBlock, *, sizes: str) -> SafeString:
    """Render one of our pictures by itself, as in a list; `sizes` is the width of its layout there."""
    context = {**_image(block, public_picture), "block": block, "at_once": True, "sizes": sizes}
    return render_to_string("stories/blocks/picture.html", context)


def block_text(html: str) -> SafeString:
    """Mark the text of a block as safe: every text is sanitised before it is stored."""
    return mark_safe(html)


def _text(block: Any, address: PictureAddress) -> dict[str, Any]:
    return {"text": block_text(block.text)}


def caption_html(caption: str) -> SafeString:
    """Render a caption with its links and line breaks."""
    return mark_safe(captions.as_html(caption))


def _image(block: Any, address: PictureAddress) -> dict[str, Any]:
    caption = {"caption": caption_html(block.caption)}
    if not block.picture:
        return caption
    widths = widths_of(block.width)
    sources = [(address(block.picture, width), width) for width in widths]
    fitting = next((source for source, width in sources if width >= COLUMN), sources[-1][0])
    return caption | {
        "src": fitting,
        "srcset": ", ".join(f"{source} {width}w" for source, width in sources),
        "sizes": f"(min-width: {COLUMN + 48}px) {COLUMN}px, 100vw",
    }


def _embed(block: Any, address: PictureAddress) -> dict[str, Any]:
    has_address = block.address != WITHHELD_ADDRESS
    return {"host": (urlsplit(block.address).hostname or block.address) if has_address else ""}


_RENDERERS: Final[dict[type[Block], tuple[str, Callable[[Any, PictureAddress], dict[str, Any]]]]] = {
    TextBlock: ("stories/blocks/text.html", _text),
    QuoteBlock: ("stories/blocks/quote.html", _text),
    ImageBlock: ("stories/blocks/image.html", _image),
    EmbedBlock: ("stories/blocks/embed.html", _embed),
}

"""Render blocks: the template of a kind has the kind's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from stories.domain.pictures import widths_of
from stories.domain.snapshot import Block, EmbedBlock, ImageBlock, ProseBlock
from stories.domain.text import captions
from stories.domain.text.mask import WITHHELD_ADDRESS

# The width of a picture's layout if there is room, in CSS pixels, as in the stylesheet.
COLUMN = 624


# Returns the address of a picture, by its digest and a width in pixels.
PictureAddress = Callable[[str, int], str]


def public_picture(digest: str, width: int) -> str:
    """Return the public address of a picture, where it is available once a version displays it."""
    return f"{settings.MEDIA_ORIGIN}{reverse('public:picture', args=[digest, width])}"


def absolute_picture(digest: str, width: int) -> str:
    """Return the public address of a picture with its scheme and host."""
    return f"{settings.MEDIA_ORIGIN or settings.SITE_URL}{reverse('public:picture', args=[digest, width])}"


def render_block(
    block: Block, *, picture_address: PictureAddress = public_picture, at_once: bool = False
) -> SafeString:
    """Render a block. A preview passes its own addresses of pictures.

    `at_once`: its picture is visible immediately, and not loaded lazily.
    """
    context = _context(block, picture_address)
    return render_to_string(template_of(block.kind), {"block": block, "at_once": at_once, **context})


def template_of(kind: str) -> str:
    """Return the name of the template that renders the blocks of a kind."""
    return f"stories/blocks/{kind}.html"


def render_picture(block: ImageBlock, *, sizes: str) -> SafeString:
    """Render one of our pictures by itself, as in a list; `sizes` is the width of its layout there."""
    context = {**_image(block, public_picture), "block": block, "at_once": True, "sizes": sizes}
    return render_to_string("stories/blocks/picture.html", context)


def block_text(html: str) -> SafeString:
    """Mark the text of a block as safe: every text is sanitised before it is stored."""
    return mark_safe(html)


def _context(block: Block, address: PictureAddress) -> dict[str, Any]:
    """Return what a template needs besides the block: only what it can't work out by itself."""
    if isinstance(block, ProseBlock):
        return {"text": block_text(block.text)}
    if isinstance(block, ImageBlock):
        return _image(block, address)
    return _embed(block) if isinstance(block, EmbedBlock) else {}


def caption_html(caption: str) -> SafeString:
    """Render a caption with its links and line breaks."""
    return mark_safe(captions.as_html(caption))


def _image(block: ImageBlock, address: PictureAddress) -> dict[str, Any]:
    caption = {"caption": caption_html(block.caption)}
    if not block.picture:
        return caption
    assert block.width is not None  # a picture of ours has its size
    widths = widths_of(block.width)
    sources = [(address(block.picture, width), width) for width in widths]
    fitting = next((source for source, width in sources if width >= COLUMN), sources[-1][0])
    return caption | {
        "src": fitting,
        "srcset": ", ".join(f"{source} {width}w" for source, width in sources),
        "sizes": f"(min-width: {COLUMN + 48}px) {COLUMN}px, 100vw",
    }


def _embed(block: EmbedBlock) -> dict[str, Any]:
    has_address = block.address != WITHHELD_ADDRESS
    return {"host": (urlsplit(block.address).hostname or block.address) if has_address else ""}

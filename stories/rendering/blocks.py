"""Blocks to HTML: a kind of block is one entry and one template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from stories.domain.pictures import widths_of
from stories.domain.snapshot import Block, EmbedBlock, ImageBlock, QuoteBlock, TextBlock

# How wide a picture is laid out where there is room, in CSS pixels: the stylesheet's measure.
COLUMN = 624


def render_block(block: Block) -> SafeString:
    """A block as HTML, in its set form."""
    template, context = _RENDERERS[type(block)]
    return render_to_string(template, {"block": block, **context(block)})


def block_text(html: str) -> SafeString:
    """The text of a block, trusted: every text is sanitised before it is stored."""
    return mark_safe(html)


def _text(block: Any) -> dict[str, Any]:
    return {"text": block_text(block.text)}


def _image(block: Any) -> dict[str, Any]:
    if not block.picture:
        return {}
    widths = widths_of(block.width)
    sources = [(reverse("public:picture", args=[block.picture, width]), width) for width in widths]
    fitting = next((address for address, width in sources if width >= COLUMN), sources[-1][0])
    return {
        "src": fitting,
        "srcset": ", ".join(f"{address} {width}w" for address, width in sources),
        "sizes": f"(min-width: {COLUMN + 48}px) {COLUMN}px, 100vw",
    }


def _embed(block: Any) -> dict[str, Any]:
    return {"host": urlsplit(block.address).hostname or block.address}


_RENDERERS: Final[dict[type[Block], tuple[str, Callable[[Any], dict[str, Any]]]]] = {
    TextBlock: ("stories/blocks/text.html", _text),
    QuoteBlock: ("stories/blocks/quote.html", _text),
    ImageBlock: ("stories/blocks/image.html", _image),
    EmbedBlock: ("stories/blocks/embed.html", _embed),
}

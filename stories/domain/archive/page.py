"""Read HTML from outside as the page that browsers make of it."""

from __future__ import annotations

import re
from typing import Any, Final

from stories.domain.archive import shortcodes
from stories.domain.archive.frames import drop_frame_copies
from stories.domain.archive.pictures import resolve_lazy_pictures
from stories.domain.text.controls import without_control_references, without_controls
from stories.domain.text.tree import parse_html

# End tags that browsers take for a line break, or the end of a paragraph, even if nothing is open.
_BREAK = re.compile(r"</br\s*/?>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\s*>", re.IGNORECASE)
# Browsers read this as `img`.
_IMAGE = re.compile(r"<image(?=\s[^<>]{0,1000}\bsrc\s*=)", re.IGNORECASE)
# What the elements of AMP pages are on others.
_AMP: Final = {
    "amp-img": "img",
    "amp-anim": "img",
    "amp-iframe": "iframe",
    "amp-video": "video",
    "amp-audio": "audio",
}


def read_page(html: str) -> Any:
    """Return the root of a page's tree, with the pictures that it shows once loaded."""
    html = without_controls(without_control_references(html))
    html = _BREAK.sub("<br>", _IMAGE.sub("<img", html))
    # For our parser, a blank line ends the paragraph; after the end of one it means nothing.
    html = _PARAGRAPH_END.sub("</p>\n\n", html)
    root = parse_html(shortcodes.with_figures(html))
    for element in list(root.iter(*_AMP)):
        element.tag = _AMP[element.tag]
    for element in list(root.iter("tfoot")):
        _move_to_end(element)
    resolve_lazy_pictures(root)
    drop_frame_copies(root)
    return root


def _move_to_end(foot: Any) -> None:
    """Move the foot of a table to its end, which is its place on the page wherever it is written."""
    table = foot.getparent()
    if table.tag == "table" and foot.getnext() is not None:
        # Nothing but white space stands between the parts of a table.
        table.append(foot)

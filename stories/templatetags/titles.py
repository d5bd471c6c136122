"""The title of a page, as tabs and search results display it."""

from __future__ import annotations

from html import escape, unescape
from typing import Final

from django import template
from django.utils.safestring import SafeString

from stories.domain.text.ellipsis import with_ellipsis

register = template.Library()

# How much of a title is displayed anywhere, in characters of its HTML.
LONGEST: Final = 70


@register.filter
def page_title(title: str, site_name: str) -> SafeString:
    """Return a title as HTML, if too long without the site's name, or cut at a word."""
    text = " ".join(unescape(title).split())
    if len(_escaped(text)) > LONGEST:
        text = text.removesuffix(f" – {site_name}")
    whole, room = text, LONGEST - 1
    while len(_escaped(text)) > LONGEST:
        text = with_ellipsis(whole[:room].rpartition(" ")[0] or whole[: room - 1])
        room -= 1
    return SafeString(_escaped(text))


def _escaped(text: str) -> str:
    """Return text as HTML of an element: quotation marks have no meaning there, and stay one character each."""
    return escape(text, quote=False)

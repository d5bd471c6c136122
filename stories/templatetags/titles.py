"""The title of a page, as tabs and search results display it."""

from __future__ import annotations

from html import unescape
from typing import Final

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from stories.domain.text.ellipsis import with_ellipsis

register = template.Library()

# How much of a title is displayed anywhere, in characters.
LONGEST: Final = 70


@register.filter
def page_title(title: str, site_name: str) -> SafeString:
    """Return a title as HTML, if too long without the site's name, or cut at a word."""
    text = " ".join(unescape(title).split())
    if len(text) > LONGEST:
        text = text.removesuffix(f" – {site_name}")
    if len(text) > LONGEST:
        text = with_ellipsis(text[: LONGEST - 1].rpartition(" ")[0] or text[: LONGEST - 2])
    return escape(text)

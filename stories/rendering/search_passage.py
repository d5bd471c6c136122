"""Render passages of text with the searched words marked."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def marked_passage(passage: str, *, start: str, end: str) -> SafeString:
    """Render a passage of plain text; what is between `start` and `end`, which no text contains, is marked."""
    return mark_safe(escape(passage).replace(start, "<mark>").replace(end, "</mark>"))

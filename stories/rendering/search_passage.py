"""Passages of text in which searched words were found."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def marked_passage(passage: str, *, start: str, end: str) -> SafeString:
    """Return a passage of plain text as HTML; what stands between `start` and `end`, which no text holds, is marked."""
    return mark_safe(escape(passage).replace(start, "<mark>").replace(end, "</mark>"))

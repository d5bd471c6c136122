"""Template filters that describe entries of the ledger."""

from __future__ import annotations

from typing import Any

from django import template

from stories.rendering.ledger_line import CLASS_LABELS, SIZE_LABELS, describe_entry

register = template.Library()


@register.filter
def what_happened(line: Any) -> str:
    """Describe what a line of the ledger records, to follow the name of who did it."""
    return describe_entry(line.payload, revision=line.revision, about=line.about)


@register.filter
def class_label(line: Any) -> str:
    """Return the class of the publication that a line records."""
    return str(CLASS_LABELS.get(line.entry.publication_class, line.entry.publication_class))


@register.filter
def size_label(size: int) -> str:
    """Return how many words were added and removed, in words."""
    return str(SIZE_LABELS[size])

"""Template filters that describe entries of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django import template

from stories.rendering.ledger_line import CLASS_LABELS, SIZE_LABELS, describe_entry

register = template.Library()


class LedgerEntry(Protocol):
    """What the filters read of an entry; they know no models."""

    publication_class: str


class LedgerLine(Protocol):
    """What the filters read of a line of the ledger; they know no queries."""

    @property
    def entry(self) -> LedgerEntry: ...

    @property
    def payload(self) -> Mapping[str, Any]: ...

    @property
    def revision(self) -> int: ...

    @property
    def about(self) -> int: ...


@register.filter
def what_happened(line: LedgerLine) -> str:
    """Describe what a line of the ledger records, to follow the name of who did it."""
    return describe_entry(line.payload, revision=line.revision, about=line.about)


@register.filter
def class_label(line: LedgerLine) -> str:
    """Return the class of the publication that a line records."""
    return str(CLASS_LABELS.get(line.entry.publication_class, line.entry.publication_class))


@register.filter
def size_label(size: int) -> str:
    """Return how many words were added and removed, in words."""
    return str(SIZE_LABELS[size])

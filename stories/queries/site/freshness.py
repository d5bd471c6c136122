"""How new what a page shows has to be, where it is more than a reader's page needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_needed: ContextVar[datetime | None] = ContextVar("needed", default=None)


@contextmanager
def as_of_at_least(moment: datetime) -> Iterator[None]:
    """Let the pages that this thread makes meanwhile show nothing that was looked up before a moment."""
    token = _needed.set(moment)
    try:
        yield
    finally:
        _needed.reset(token)


def is_fresh(looked_up_at: datetime) -> bool:
    """Return whether what was looked up then may be shown. No query."""
    needed = _needed.get()
    return needed is None or looked_up_at >= needed

"""Invalidate the cached copies of pages that were made before a takedown."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.db import transaction

from stories.domain.stale_copies import TAKEDOWN_KEY, TAKEDOWN_SECONDS


def invalidate_stale_copies() -> None:
    """Prevent the display of copies of pages that were made before this transaction is committed.

    Once now, since the commit may be the last thing that this process does; once more after it.
    """
    _stamp()
    transaction.on_commit(_stamp)


def _stamp() -> None:
    cache.set(TAKEDOWN_KEY, time.time(), timeout=TAKEDOWN_SECONDS)

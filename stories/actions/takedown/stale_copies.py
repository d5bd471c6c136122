"""Make the copies of pages useless that a takedown is not in."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.db import transaction

from stories.domain.stale_copies import TAKEDOWN_KEY, TAKEDOWN_SECONDS


def forget_stale_copies() -> None:
    """Let no copy of a page be shown that was made before this transaction is committed.

    Once now, since the commit may be the last thing that this process does; once more when it is done.
    """
    _stamp()
    transaction.on_commit(_stamp)


def _stamp() -> None:
    cache.set(TAKEDOWN_KEY, time.time(), timeout=TAKEDOWN_SECONDS)

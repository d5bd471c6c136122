"""Invalidate the cached copies of pages that were made before a takedown."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from stories.domain.stale_copies import TAKEDOWN_KEY, TAKEDOWN_SECONDS
from stories.models import EntryKind, LedgerEntry

_TAKEDOWNS: Final = (EntryKind.WITHHOLDING, EntryKind.WITHDRAWAL, EntryKind.ERASURE)


def invalidate_stale_copies() -> None:
    """Prevent the display of copies of pages that were made before this transaction is committed.

    Once now, since the commit may be the last thing that this process does; once more after it.
    """
    _stamp()
    transaction.on_commit(_stamp)


def repeat_invalidation(*, at: datetime) -> None:
    """Invalidate copies again if the cache does not know of the last takedown: it hung, or was cut off, at that moment.

    One query, which reads the ledger's last hour.
    """
    if not settings.SHARED_CACHE:
        return
    recent = LedgerEntry.objects.filter(
        kind__in=_TAKEDOWNS, recorded_at__gt=at - timedelta(seconds=TAKEDOWN_SECONDS)
    )
    newest = recent.aggregate(newest=Max("recorded_at"))["newest"]
    if newest is not None and cache.get(TAKEDOWN_KEY, 0.0) < newest.timestamp():
        _stamp()


def _stamp() -> None:
    cache.set(TAKEDOWN_KEY, time.time(), timeout=TAKEDOWN_SECONDS)

"""What the site's lists depend on, in one small query: all that a cached list costs."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.db import connections, router

from stories.models.publications import Publication
from stories.models.record.ledger import LedgerEntry
from stories.models.story_status import StoryStatus


def site_state(at: datetime) -> str:
    """Return a hash that changes whenever any list may: with each entry of the ledger, and at times that were set.

    A scheduled version goes live, and developing mode ends, without an entry.
    """
    # Where the lists are read from: their state on another database may be a later one.
    database = connections[router.db_for_read(LedgerEntry)]
    when = database.ops.adapt_datetimefield_value(at)
    with database.cursor() as cursor:
        cursor.execute(_sql(), [when, when])
        newest, *times = cursor.fetchone()
    return sha256(repr((bytes(newest or b""), *map(str, times))).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _sql() -> str:
    # Only our own tables' names, no user input.
    return (
        f"SELECT (SELECT digest FROM {LedgerEntry._meta.db_table} ORDER BY sequence DESC LIMIT 1),"  # noqa: S608
        f" (SELECT MAX(live_from) FROM {Publication._meta.db_table} WHERE live_from <= %s),"
        f" (SELECT MAX(developing_until) FROM {StoryStatus._meta.db_table} WHERE developing_until <= %s)"
    )

"""What the site says of itself while it works, for whoever counts it."""

from __future__ import annotations

from django.dispatch import Signal

# Of a cache, with `result`: hit, miss or failed.
cache_read = Signal()
# With the `error`.
statement_failed = Signal()
statement_was_slow = Signal()

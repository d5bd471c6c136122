"""The cache key for the time of the last takedown: no older copy of a page is served while the database is down."""

from __future__ import annotations

from typing import Final

# The key in the shared cache; its value is in seconds since 1970.
TAKEDOWN_KEY: Final = "stale-copies:takedown"
# How many seconds it is cached: longer than any copy of a page.
TAKEDOWN_SECONDS: Final = 3_600

"""Where takedowns leave their time, so that no older copy of a page is shown while the database is away."""

from __future__ import annotations

from typing import Final

# The key in the shared cache; its value is in seconds since 1970.
TAKEDOWN_KEY: Final = "stale-copies:takedown"
# For how many seconds it is kept: longer than any copy.
TAKEDOWN_SECONDS: Final = 3_600

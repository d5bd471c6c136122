"""The sign that a text goes on after what is shown of it."""

from __future__ import annotations

from typing import Final

ELLIPSIS: Final = "…"
# What ends a sentence in scripts with spaces, what may stand behind that, and what says that a sentence goes on.
_ENDS: Final = tuple(".!?؟۔।")
_CLOSING: Final = "\"'”’»)]\x03"
_PAUSES: Final = " ,;:–—-"


def with_ellipsis(words: str) -> str:
    """Return words with the sign behind them; behind a whole sentence it stands apart from the full stop."""
    said = words.rstrip(_PAUSES)
    if said.endswith(ELLIPSIS):
        return said
    return f"{said} {ELLIPSIS}" if said.rstrip(_CLOSING).endswith(_ENDS) else f"{said}{ELLIPSIS}"

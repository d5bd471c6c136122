"""The sign that a displayed text continues."""

from __future__ import annotations

from typing import Final

ELLIPSIS: Final = "…"
# Characters that end a sentence in scripts with spaces, those that may follow them, and those that continue a
# sentence.
_ENDS: Final = tuple(".!?؟۔।")
_CLOSING: Final = "\"'”’»)]\x03"
_PAUSES: Final = " ,;:–—-"


def with_ellipsis(words: str) -> str:
    """Return words with an ellipsis behind them; behind a whole sentence, with a space before it."""
    said = words.rstrip(_PAUSES)
    if said.endswith(ELLIPSIS):
        return said
    return f"{said} {ELLIPSIS}" if said.rstrip(_CLOSING).endswith(_ENDS) else f"{said}{ELLIPSIS}"

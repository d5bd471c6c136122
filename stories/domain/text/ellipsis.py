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
    text = words.rstrip(_PAUSES)
    if text.endswith(ELLIPSIS):
        return text
    return f"{text} {ELLIPSIS}" if text.rstrip(_CLOSING).endswith(_ENDS) else f"{text}{ELLIPSIS}"

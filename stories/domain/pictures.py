"""The sizes in which our pictures are stored."""

from __future__ import annotations

from typing import Final

# Widths in pixels that are generated at upload, if the original is wider.
WIDTHS: Final = (320, 640, 960, 1280, 1920)


def widths_of(width: int) -> list[int]:
    """Return every width in pixels for which a picture of this width has a file, the original's last."""
    return [narrower for narrower in WIDTHS if narrower < width] + [width]

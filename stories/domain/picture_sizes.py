"""What a picture's file says of itself."""

from __future__ import annotations

from typing import IO

from PIL import Image


def picture_size(file: IO[bytes], kind: str) -> tuple[int, int] | None:
    """Return how wide and how high a file's picture is in pixels, None if it is none of that kind."""
    try:
        with Image.open(file, formats=[kind]) as image:
            return image.size
    except Exception:  # Pillow's readers raise what they like for a broken file
        return None

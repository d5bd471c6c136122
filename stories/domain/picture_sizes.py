"""Read the size of a picture from its file."""

from __future__ import annotations

from typing import IO

from PIL import Image


def picture_size(file: IO[bytes], kind: str) -> tuple[int, int] | None:
    """Return the width and height of a file's picture in pixels, None if it is not of that format."""
    try:
        with Image.open(file, formats=[kind]) as image:
            return image.size
    except Exception:  # Pillow's readers may raise anything for a broken file
        return None

"""The names by which caches between us and readers know pages: what changes is let go of by its name."""

from __future__ import annotations

from typing import Final

# Every page that lists stories.
LISTS: Final = "lists"
# Under which our own cache keeps what stands around every page.
FRAME: Final = "frame"


def story_key(article_id: int) -> str:
    """The name of every page of a story."""
    return f"story-{article_id}"


def picture_key(digest: str) -> str:
    """The name of a picture, at all its widths."""
    return f"picture-{digest[:16]}"

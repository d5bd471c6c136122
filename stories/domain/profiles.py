"""What readers see of an author beside the name, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProfile:
    """An author's profile as readers may see it; `picture` is a digest, "" without a picture."""

    bio: str = ""
    picture: str = ""
    width: int | None = None
    height: int | None = None
    alt_text: str = ""
    contact: str = ""

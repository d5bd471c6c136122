"""The pieces of a story's body, as they are read from outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

# The address of a picture without one (CSS Values 4): it never resolves.
MISSING_ADDRESS: Final = "about:invalid"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class QuotePiece:
    """A block quotation."""

    text: str
    speaker: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class ImagePiece:
    """A picture, by its address on the site that it came from."""

    address: str
    alt_text: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class EmbedPiece:
    """A page that was embedded in the page."""

    address: str


BodyPiece = TextPiece | QuotePiece | ImagePiece | EmbedPiece


@dataclass(frozen=True, slots=True)
class Body:
    """A parsed body. `removed` counts what was removed: elements by name, attributes as in "a[id]"."""

    pieces: tuple[BodyPiece, ...]
    removed: Counter[str]

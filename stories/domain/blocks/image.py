"""The kind of block "image"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stories.domain.blocks.base import Block
from stories.domain.text.captions import plain_caption


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBlock(Block):
    """One of our pictures (`picture` is its SHA-256 in hex), or the address of one whose file an import lacked."""

    kind: ClassVar[str] = "image"
    position: ClassVar[int] = 3
    words: ClassVar[tuple[str, ...]] = ("alt_text", "caption", "credit")
    searched: ClassVar[tuple[str, ...]] = ("caption",)
    picture: str = ""
    width: int | None = None
    height: int | None = None
    address: str = ""
    alt_text: str = ""
    caption: str = ""
    credit: str = ""

    @property
    def label(self) -> str:
        return self.alt_text or plain_caption(self.caption) or self.address or self.picture

    def matching_words(self) -> list[str]:
        return [*self.address.split("/"), *self.alt_text.split(), *self.caption.split()]

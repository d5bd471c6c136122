"""The kind of block "embed"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stories.domain.blocks.base import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedBlock(Block):
    """An outside page as a link card; nothing of it is loaded until a reader asks for it."""

    kind: ClassVar[str] = "embed"
    position: ClassVar[int] = 4
    words: ClassVar[tuple[str, ...]] = ("title", "description")
    searched: ClassVar[tuple[str, ...]] = ()
    address: str = ""
    title: str = ""
    description: str = ""

    @property
    def label(self) -> str:
        return self.title or self.address

    def matching_words(self) -> list[str]:
        return [*self.address.split("/"), *self.title.split()]

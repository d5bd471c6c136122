"""The kind of block "text"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stories.domain.blocks.base import ProseBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock(ProseBlock):
    """Running text: paragraphs, headings, lists, tables, as sanitised HTML."""

    kind: ClassVar[str] = "text"
    position: ClassVar[int] = 1

"""The kind of block "quote"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from stories.domain.blocks.base import ProseBlock
from stories.domain.text.segments import word_list


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteBlock(ProseBlock):
    """Somebody's words, in paragraphs of sanitised HTML.

    If anonymous, `description` (who it is, as far as readers may know) and `anonymity_reason` (why they are not named)
    are both displayed to readers, and `speaker` is empty.
    """

    kind: ClassVar[str] = "quote"
    position: ClassVar[int] = 2
    words: ClassVar[tuple[str, ...]] = (
        "text",
        "speaker",
        "speaker_title",
        "source",
        "description",
        "anonymity_reason",
    )
    searched: ClassVar[tuple[str, ...]] = ("text",)
    speaker: str = ""
    speaker_title: str = ""
    source: str = ""
    source_url: str = ""
    said_on: date | None = None
    anonymous: bool = False
    description: str = ""
    anonymity_reason: str = ""

    def matching_words(self) -> list[str]:
        return word_list(f"{self.text} {self.speaker} {self.description}")

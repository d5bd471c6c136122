"""What every kind of block has, and what the other layers ask a kind for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from stories.domain.text.segments import word_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a story with a key that is unique in the story, across kinds, and never changes."""

    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Part):
    """A piece of the body. docs/adding-a-block-kind.md lists what a new kind needs.

    Some names of fields have a meaning for every kind: `address` and `source_url` are addresses, `picture` is the
    digest of one of our pictures, and the links of a `caption` are written [words](address).
    """

    # The name of the kind in the record, in archives and in templates, and its place where the kinds are listed.
    kind: ClassVar[str] = ""
    position: ClassVar[int] = 0
    # The fields with people's words, which are found and replaced, compared word by word, and traced to their writers.
    words: ClassVar[tuple[str, ...]] = ()
    # Those of them that readers can search. If this changes, a migration must rewrite the stored search texts.
    searched: ClassVar[tuple[str, ...]] = ()
    # Whether its text is HTML.
    rich: ClassVar[bool] = False

    @property
    def label(self) -> str:
        """The words by which the block is best recognised; "" if it has none."""
        return next((words for name in self.words if (words := str(getattr(self, name)))), "")

    def matching_words(self) -> list[str]:
        """Return the words by which an import recognises a block of the version before."""
        return [word for name in self.words for word in str(getattr(self, name)).split()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseBlock(Block):
    """A block of running text: sanitised HTML, compared paragraph by paragraph."""

    rich: ClassVar[bool] = True
    words: ClassVar[tuple[str, ...]] = ("text",)
    searched: ClassVar[tuple[str, ...]] = ("text",)
    text: str = ""

    def matching_words(self) -> list[str]:
        return word_list(self.text)

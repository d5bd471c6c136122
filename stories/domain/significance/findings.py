"""The findings of a measure so far, and the context in which a text is judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from stories.domain.significance.data import Reason, SpellingFix

_NOUNS_WITH_CAPITALS = ("de", "lb", "nds")
_LOWER_WORDS = re.compile(r"(?<![\w'’-])[^\W\d_A-Z]\w*")


class Vocabulary:
    """The words that a story writes in lower case, on both sides; collected once, on first use."""

    def __init__(self, old: Callable[[], Iterable[str]], new: Callable[[], Iterable[str]]) -> None:
        self._old, self._new = old, new

    @cached_property
    def old(self) -> frozenset[str]:
        return frozenset(word for text in self._old() for word in _LOWER_WORDS.findall(text))

    @cached_property
    def new(self) -> frozenset[str]:
        return frozenset(word for text in self._new() for word in _LOWER_WORDS.findall(text))

    @cached_property
    def lower(self) -> frozenset[str]:
        return self.old | self.new


@dataclass(slots=True)
class Findings:
    """The findings so far, in reading order."""

    reasons: list[Reason] = field(default_factory=list)
    spellings: list[SpellingFix] = field(default_factory=list)
    # The number of words changed beyond spelling, and whether anything else is more than typography.
    words: int = 0
    wording: bool = False
    # The number of content words that were replaced.
    replaced: int = 0
    # Whether spelling or punctuation inside a quotation changed; and how many reasons are more serious than that.
    transcribed: bool = False
    grave: int = 0

    def add(self, reason: Reason, *, spelling: bool = False) -> None:
        self.reasons.append(reason)
        self.transcribed = self.transcribed or spelling
        self.grave += not spelling

    @property
    def weight(self) -> tuple[int, int, bool]:
        """A value that changes with every finding beyond spelling and typography."""
        return self.grave, self.words, self.wording


@dataclass(frozen=True, slots=True)
class TextContext:
    """The place of a text, and how its words are judged."""

    where: UUID | None
    name: str
    vocabulary: Vocabulary
    language: str
    titled: bool = False

    @property
    def english(self) -> bool:
        return self.language.lower().startswith("en")

    @property
    def nouns_have_capitals(self) -> bool:
        """Whether the language writes nouns with capitals, so that a capital may make another word ("Sie")."""
        return self.language.lower().startswith(_NOUNS_WITH_CAPITALS)

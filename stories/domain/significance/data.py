"""The measure of a change, as data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Level(StrEnum):
    """How much a change weighs; `rank` orders them."""

    NONE = "none"
    TYPOGRAPHY = "typography"
    WORDING = "wording"
    SUBSTANTIVE = "substantive"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class ReasonKind(StrEnum):
    """Why a change is substantive.

    MEANING is a word that changes what is said (a negation, a verdict, "all" for "some"). UNJUDGED are words of a
    language or script that can't be judged here.
    """

    HEADLINE = "headline"
    FIGURE = "figure"
    NAME = "name"
    ATTRIBUTION = "attribution"
    QUOTED_WORDS = "quoted-words"
    MEANING = "meaning"
    UNJUDGED = "unjudged"
    TABLE = "table"
    LINK_TARGET = "link-target"
    PARAGRAPH_IN = "paragraph-in"
    PARAGRAPH_OUT = "paragraph-out"
    PICTURE = "picture"
    EMBED = "embed"
    BLOCK = "block"
    DATELINE = "dateline"
    DISCLOSURE = "disclosure"
    COMMENT_REQUEST = "comment-request"
    PUBLISHED_NOTE = "published-note"
    MANY_WORDS = "many-words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: the old and the new text (plain, either may be empty), and where.

    `where` is the key of the block, byline, request or note; None for the story's own fields. `was` and `now` are
    `old` and `new` with a few words of context.
    """

    kind: ReasonKind
    old: str = ""
    new: str = ""
    where: UUID | None = None
    field: str = ""
    was: str = dataclasses.field(default="", compare=False)
    now: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingFix:
    """A spelling mistake that was corrected (or made); `quoted` if it is in a quotation."""

    old: str
    new: str
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """The result: reasons in reading order, without duplicates.

    `spelling_in_quotes_only`: nothing but spelling or punctuation inside quotations is significant, so that the change
    may go live as a transcription once it is checked against the source. `words` counts those changed beyond spelling.
    """

    level: Level
    reasons: tuple[Reason, ...] = ()
    spelling_in_quotes_only: bool = False
    spellings: tuple[SpellingFix, ...] = ()
    words: int = 0

    @property
    def kinds(self) -> tuple[ReasonKind, ...]:
        """The kinds of its reasons, without duplicates."""
        return tuple(dict.fromkeys(reason.kind for reason in self.reasons))

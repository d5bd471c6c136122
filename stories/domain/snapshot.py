"""The story as plain data: what it read at a revision, and what of it is public.

Everything here is frozen and knows no database. A `StorySnapshot` is the whole story, as its editors
see it; a `PublicStory` is what readers may see, and the only type that pages, feeds and data accept.
Text is sanitised HTML; times are aware and in UTC; order is the order of the tuples.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from stories.domain.text.mask import Mask


class StoryKind(StrEnum):
    STORY = "story"
    PAGE = "page"


class RequestStatus(StrEnum):
    PENDING = "pending"
    RECEIVED = "received"
    DECLINED = "declined"
    NO_RESPONSE = "no-response"
    WITHDRAWN = "withdrawn"


class NoteKind(StrEnum):
    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    UPDATE = "update"
    COMMENT_ADDED = "comment-added"
    TYPO = "typo"
    EDITORS_NOTE = "editors-note"
    RETRACTION = "retraction"


# The notes that change what a reader should believe: they stand above the story, not below it.
WEIGHTY_NOTES = frozenset({NoteKind.CORRECTION, NoteKind.CLARIFICATION, NoteKind.RETRACTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A keyed part of a story: its key is unique in the story, across kinds, for life."""

    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Part):
    """A piece of the body. `rich`: its text is HTML."""

    kind: ClassVar[str] = ""
    rich: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock(Block):
    """Running text: paragraphs, headings, lists, tables, as sanitised HTML."""

    kind: ClassVar[str] = "text"
    rich: ClassVar[bool] = True
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteBlock(Block):
    """Somebody's words, in paragraphs of sanitised HTML.

    Anonymous: `description` (who it is, as far as readers may know) and `anonymity_reason` (why they
    are not named) are both shown to readers, and `speaker` is empty.
    """

    kind: ClassVar[str] = "quote"
    rich: ClassVar[bool] = True
    text: str = ""
    speaker: str = ""
    speaker_title: str = ""
    source: str = ""
    source_url: str = ""
    said_on: date | None = None
    anonymous: bool = False
    description: str = ""
    anonymity_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBlock(Block):
    """A picture of ours (`picture`, its SHA-256 in hex), or the address of one whose file an import lacked."""

    kind: ClassVar[str] = "image"
    picture: str = ""
    width: int | None = None
    height: int | None = None
    address: str = ""
    alt_text: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedBlock(Block):
    """An outside page as a link card; nothing of it is loaded before a reader asks."""

    kind: ClassVar[str] = "embed"
    address: str = ""
    title: str = ""
    description: str = ""


BLOCK_KINDS: dict[str, type[Block]] = {
    block.kind: block for block in (TextBlock, QuoteBlock, ImageBlock, EmbedBlock)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline(Part):
    """A credit: `author` is the person's slug, `credited_as` the name printed then."""

    author: str
    credited_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRequest(Part):
    """One party asked for comment: the side of it that may be shown to readers.

    `asked_how` is how they were asked, in the story's words ("by e-mail and phone"). `sentence` overrides the
    sentence that the page composes by itself.
    """

    party: str
    status: RequestStatus = RequestStatus.PENDING
    requested_at: datetime | None = None
    responded_at: datetime | None = None
    asked_how: str = ""
    shown: bool = True
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateNote(Part):
    """A reader-facing note on a change. `amends` is the key of the published note that it amends in view."""

    kind: NoteKind
    text: str
    was: str = ""
    now: str = ""
    amends: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryContent:
    """What a story consists of; `diff` compares any two of these."""

    kind: StoryKind = StoryKind.STORY
    headline: str = ""
    dek: str = ""
    slug: str = ""
    section: str = ""
    section_name: str = ""
    language: str = "en"
    dateline: str = ""
    disclosure: str = ""
    bylines: tuple[Byline, ...] = ()
    blocks: tuple[Block, ...] = ()
    comment_requests: tuple[CommentRequest, ...] = ()
    update_notes: tuple[UpdateNote, ...] = ()

    def parts(self) -> Iterator[Part]:
        """Yield every keyed part of the story, kind after kind, in order."""
        for name in PART_FIELDS:
            yield from getattr(self, name)


# The tuples of keyed parts, and the plain fields beside them, each in the order of the dataclass.
PART_FIELDS = ("bylines", "blocks", "comment_requests", "update_notes")
STORY_FIELDS = tuple(field.name for field in fields(StoryContent) if field.name not in PART_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySnapshot(StoryContent):
    """The story as it read at a revision, or as somebody wants it to read.

    `erasure` numbers the newest erasure of the story when it was read: what was read before a newer one may hold words
    that are to come back nowhere. 0 before any, None for a story that was not read but made.
    """

    erasure: int | None = dataclasses.field(default=None, compare=False, repr=False)

    def public(self, *, withheld: Mask) -> PublicStory:
        """What readers may see of it: without what is withheld, and without requests that are not shown.

        Who measures a story rather than shows it says that nothing is withheld.
        """
        values = {field.name: getattr(self, field.name) for field in fields(StoryContent)}
        values["comment_requests"] = tuple(request for request in self.comment_requests if request.shown)
        return withheld.masked(PublicStory(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStory(StoryContent):
    """What readers may see of a story. Made by `StorySnapshot.public` alone."""


EMPTY = StorySnapshot()

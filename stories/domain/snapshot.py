"""The story as plain data: its content at a revision, and the part of it that is public.

Everything here is frozen and independent of the database. A `StorySnapshot` is the whole story, as its editors see it;
a `PublicStory` is what readers may see, and the only type that pages, feeds and data accept. Text is sanitised HTML;
times are aware and in UTC; order is the order of the tuples.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Flag, StrEnum, auto
from typing import Self
from uuid import UUID

from stories.domain.blocks import BLOCK_KINDS as BLOCK_KINDS
from stories.domain.blocks.base import Block as Block, Part as Part, ProseBlock as ProseBlock
from stories.domain.blocks.embed import EmbedBlock as EmbedBlock
from stories.domain.blocks.image import ImageBlock as ImageBlock
from stories.domain.blocks.quote import QuoteBlock as QuoteBlock
from stories.domain.blocks.text import TextBlock as TextBlock
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


class NoteTrait(Flag):
    """What a kind of note means, besides its name.

    WEIGHTY: it changes what a reader should believe. It is displayed above the story, not below it, it may quote what
    was wrong and what is right, and search engines read it as a correction.
    ADMITS_ERROR: we were wrong. It is what readers are owed if we were, and other stories may have the same error.
    QUIET: it says little by itself. The list of all notes has it on request only.
    """

    NONE = 0
    WEIGHTY = auto()
    ADMITS_ERROR = auto()
    QUIET = auto()


class NoteKind(StrEnum):
    """A kind of note to readers, with its traits. docs/adding-a-note-kind.md lists what a new one needs."""

    traits: NoteTrait

    CORRECTION = "correction", NoteTrait.WEIGHTY | NoteTrait.ADMITS_ERROR
    CLARIFICATION = "clarification", NoteTrait.WEIGHTY
    UPDATE = "update"
    COMMENT_ADDED = "comment-added"
    TYPO = "typo", NoteTrait.QUIET
    EDITORS_NOTE = "editors-note"
    RETRACTION = "retraction", NoteTrait.WEIGHTY | NoteTrait.ADMITS_ERROR

    def __new__(cls, value: str, traits: NoteTrait = NoteTrait.NONE) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.traits = traits
        return member

    @property
    def weighty(self) -> bool:
        return NoteTrait.WEIGHTY in self.traits

    @property
    def admits_error(self) -> bool:
        return NoteTrait.ADMITS_ERROR in self.traits

    @property
    def quiet(self) -> bool:
        return NoteTrait.QUIET in self.traits


WEIGHTY_NOTES = frozenset(kind for kind in NoteKind if kind.weighty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline(Part):
    """A credit: `author` is the person's slug, `credited_as` the name printed then."""

    author: str
    credited_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRequest(Part):
    """A party asked for comment: the side of the request that readers may see.

    `asked_how` is how they were asked, in the story's words ("by e-mail and phone"). `sentence` overrides the sentence
    that the page would compose.
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
    """A note to readers about a change. `amends` is the key of the published note that it amends."""

    kind: NoteKind
    text: str
    was: str = ""
    now: str = ""
    amends: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryContent:
    """The content of a story; `diff` compares any two of these."""

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
        """Yield every keyed part of the story, kind by kind, in order."""
        for name in PART_FIELDS:
            yield from getattr(self, name)


# The tuples of keyed parts, and the other fields, each in the order of the dataclass.
PART_FIELDS = ("bylines", "blocks", "comment_requests", "update_notes")
STORY_FIELDS = tuple(field.name for field in fields(StoryContent) if field.name not in PART_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySnapshot(StoryContent):
    """The story at a revision, or as somebody wants it to be.

    `erasure` is the number of the story's newest erasure when it was read: a snapshot read before a newer erasure may
    have words that must not be saved again. 0 if there was none, None for a story that was not read from the database.
    """

    erasure: int | None = dataclasses.field(default=None, compare=False, repr=False)

    def public(self, *, withheld: Mask) -> PublicStory:
        """Return what readers may see: without withheld words, and without requests that are hidden from them.

        Callers that measure a story rather than display it may pass a mask that withholds nothing.
        """
        values = {field.name: getattr(self, field.name) for field in fields(StoryContent)}
        values["comment_requests"] = tuple(request for request in self.comment_requests if request.shown)
        return withheld.masked(PublicStory(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStory(StoryContent):
    """What readers may see of a story. Only `StorySnapshot.public` creates it."""


EMPTY = StorySnapshot()

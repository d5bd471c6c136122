"""What a merge gives: the merged story, and each place that it could not merge without loss."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from stories.domain.snapshot import StorySnapshot

# What is to stand where two sides differ. Both is theirs, then mine.
Choice = Literal["mine", "theirs", "both"]

Preference = Literal["", "mine", "theirs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place that both sides changed, and not alike.

    `part` is "" for the story's own fields, else "bylines", "blocks", "comment_requests" or "update_notes";
    `key` says which. `field` is the field's name, "kind" where a block became two kinds, "order" where both
    moved it to different places. `paragraph` counts from 1 in mine's text (None: the whole field). The three
    values are texts as stored (HTML in text fields, a number from 1 for an order); None if that side has no
    such thing: it was deleted, or never there.

    `decision` names what settles it: conflicts of one decision are settled together, and "" can't be chosen,
    since the merged block has no such field. `has_both` says whether both readings can stand, theirs first.
    """

    part: str
    key: UUID | None
    field: str
    paragraph: int | None
    base: str | None
    mine: str | None
    theirs: str | None
    decision: str = dataclasses.field(default="", compare=False)
    has_both: bool = dataclasses.field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The merged story, and what could not be merged without loss."""

    story: StorySnapshot
    conflicts: tuple[Conflict, ...]

"""The result of a merge: the merged story, and each conflict."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from stories.domain.snapshot import StorySnapshot

# Which version to use if the two sides differ. "both" is theirs, then mine.
Choice = Literal["mine", "theirs", "both"]

Preference = Literal["", "mine", "theirs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place that both sides changed differently.

    `part` is "" for the story's own fields, else "bylines", "blocks", "comment_requests" or "update_notes"; `key` says
    which. `field` is the field's name, "kind" if a block became two kinds, "order" if both moved it to different
    places. `paragraph` counts from 1 in the text of `mine` (None: the whole field). The three values are texts as
    stored (HTML in text fields, a number from 1 for an order); None if that side does not have it: it was deleted, or
    never existed.

    `decision` names the choice that resolves it: conflicts with one decision are resolved together, and "" can't be
    chosen, since the merged block has no such field. `has_both` says whether both versions can be included, theirs
    first.
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
    """The merged story, and its conflicts."""

    story: StorySnapshot
    conflicts: tuple[Conflict, ...]

"""Three-way merge of stories: what two people made of the same base, in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal
from uuid import UUID

from stories.domain.merge_moved import carry_edits
from stories.domain.merge_order import merge_order
from stories.domain.merge_text import merge_text
from stories.domain.snapshot import (
    BLOCK_KINDS,
    PART_FIELDS,
    STORY_FIELDS,
    Block,
    Part,
    StorySnapshot,
)

# Fields that mean something only together: whoever changes one of them changes all. Who is quoted, and under
# what name, is one decision; half of each side's could give an anonymous source away.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("section", "section_name"),
    ("author", "credited_as"),
    ("picture", "width", "height", "address"),
    ("speaker", "speaker_title", "anonymous", "description", "anonymity_reason"),
    ("source", "source_url"),
    ("status", "responded_at"),
)


Preference = Literal["", "mine", "theirs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place that both sides changed, and not alike.

    `part` is "" for the story's own fields, else "bylines", "blocks", "comment_requests" or "update_notes";
    `key` says which. `field` is the field's name, "kind" where a block became two kinds, "order" where both
    moved it to different places. `paragraph` counts from 1 in mine's text (None: the whole field). The three
    values are texts as stored (HTML in text fields, a number from 1 for an order); None where that side has no
    such thing: it was deleted, or never there.
    """

    part: str
    key: UUID | None
    field: str
    paragraph: int | None
    base: str | None
    mine: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The merged story, and what could not be merged without loss."""

    story: StorySnapshot
    conflicts: tuple[Conflict, ...]


def merge(
    base: StorySnapshot,
    mine: StorySnapshot,
    theirs: StorySnapshot,
    prefer: Preference = "",
) -> Merge:
    """Both sides' changes since `base` in one story; where they conflict, the preferred side's, else mine's.

    Fields are merged one by one, parts by their keys, texts by the paragraph, orders as sequences. What one
    side deleted and the other changed is a conflict.
    """
    return _Merger(prefer_theirs=prefer == "theirs").stories(base, mine, theirs)


class _Merger:
    def __init__(self, *, prefer_theirs: bool) -> None:
        self.prefer_theirs = prefer_theirs
        self.conflicts: list[Conflict] = []

    def stories(self, base: StorySnapshot, mine: StorySnapshot, theirs: StorySnapshot) -> Merge:
        sides = [{name: getattr(story, name) for name in STORY_FIELDS} for story in (base, mine, theirs)]
        values = self._fields("", None, *sides)
        for name in PART_FIELDS:
            if name != "blocks":
                values[name] = self._parts(name, *(getattr(story, name) for story in (base, mine, theirs)))
        mine_blocks, their_blocks = carry_edits(base.blocks, mover=mine.blocks, editor=theirs.blocks)
        their_blocks, mine_blocks = carry_edits(base.blocks, mover=their_blocks, editor=mine_blocks)
        values["blocks"] = self._parts("blocks", base.blocks, mine_blocks, their_blocks)
        return Merge(story=StorySnapshot(**values), conflicts=tuple(self.conflicts))

    def _parts(
        self, name: str, base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]
    ) -> tuple[Part, ...]:
        bases, mines, others = ({part.key: part for part in side} for side in (base, mine, theirs))
        merged: dict[UUID, Part] = {}
        for key in {**mines, **others, **bases}:
            part = self._part(name, key, bases.get(key), mines.get(key), others.get(key))
            if part is not None:
                merged[key] = part
        order, apart = merge_order(
            list(bases), list(mines), list(others), kept=merged.keys(), prefer_theirs=self.prefer_theirs
        )
        for key in apart:
            places = (str(1 + list(side).index(key)) for side in (bases, mines, others))
            self.conflicts.append(_conflict(name, key, "order", None, *places))
        return tuple(merged[key] for key in order)

    def _part(
        self, name: str, key: UUID, base: Part | None, mine: Part | None, theirs: Part | None
    ) -> Part | None:
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            return theirs
        if mine is None or theirs is None:
            # What is missing on one side alone was in the base: deleted there, changed on the other.
            self._deleted(name, key, base, mine, theirs)
            return theirs if self.prefer_theirs else mine
        if isinstance(mine, Block) or isinstance(theirs, Block):
            return self._block(name, key, base, mine, theirs)
        values = self._fields(name, key, _values(base), _values(mine), _values(theirs))
        return type(mine)(**values)

    def _block(self, name: str, key: UUID, base: Part | None, mine: Part, theirs: Part) -> Part:
        """A block may have become another kind on one side; the fields that both kinds have still merge."""
        olds, mines, others = _values(base), _values(mine), _values(theirs)
        if mines["kind"] != others["kind"] and olds.get("kind") not in (mines["kind"], others["kind"]):
            for field in {**mines, **others}:
                if mines.get(field, _ABSENT) != others.get(field, _ABSENT):
                    self._clash(name, key, field, olds.get(field), mines.get(field), others.get(field))
            return theirs if self.prefer_theirs else mine
        values = self._fields(name, key, olds, mines, others)
        kind = BLOCK_KINDS[values.pop("kind")]
        known = {field.name for field in fields(kind)}
        for lost in [field for field in values if field not in known]:
            del values[lost]
            old = olds.get(lost, _ABSENT)
            changed = mines.get(lost, old) != old or others.get(lost, old) != old
            told = any(conflict.key == key and conflict.field == lost for conflict in self.conflicts)
            if changed and not told:
                self._clash(name, key, lost, old, mines.get(lost), others.get(lost))
        return kind(**values)

    def _fields(
        self, name: str, key: UUID | None, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in {**mine, **theirs}:
            if field in values:
                continue
            group = next((group for group in _TOGETHER if field in group), (field,))
            group = tuple(member for member in group if member in mine or member in theirs)
            values.update(self._group(name, key, group, base, mine, theirs))
        return values

    def _group(
        self,
        name: str,
        key: UUID | None,
        group: tuple[str, ...],
        base: dict[str, Any],
        mine: dict[str, Any],
        theirs: dict[str, Any],
    ) -> dict[str, Any]:
        # A field that a side's kind of block lacks was not changed by it.
        olds = {field: base.get(field, _ABSENT) for field in group}
        mines = {field: mine.get(field, olds[field]) for field in group}
        others = {field: theirs.get(field, olds[field]) for field in group}
        if mines == others or others == olds:
            return _present(mines)
        if mines == olds:
            return _present(others)
        if group == ("text",) and name == "blocks":
            old = "" if olds["text"] is _ABSENT else olds["text"]
            text, clashes = merge_text(old, mines["text"], others["text"], prefer_theirs=self.prefer_theirs)
            self.conflicts += (_conflict(name, key, "text", *clash) for clash in clashes)
            return {"text": text}
        for field in group:
            if mines[field] != others[field]:
                self._clash(name, key, field, olds[field], mines[field], others[field])
        return _present(others if self.prefer_theirs else mines)

    def _deleted(
        self, name: str, key: UUID, base: Part | None, mine: Part | None, theirs: Part | None
    ) -> None:
        """One conflict for each field that the other side changed in what one side deleted."""
        old, left = _values(base), _values(mine or theirs)
        for field in left:
            if old.get(field, _ABSENT) == left[field]:
                continue
            values = (None, left[field]) if mine is None else (left[field], None)
            self._clash(name, key, field, old.get(field), *values)

    def _clash(self, name: str, key: UUID | None, field: str, base: Any, mine: Any, theirs: Any) -> None:
        texts = (_text(value) for value in (base, mine, theirs))
        self.conflicts.append(_conflict(name, key, field, None, *texts))


class _Absent:
    """What stands for a field that a kind of block does not have."""


_ABSENT = _Absent()


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value is not _ABSENT}


def _values(part: Part | None) -> dict[str, Any]:
    if part is None:
        return {}
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {"kind": part.kind, **values} if isinstance(part, Block) else values


def _text(value: Any) -> str | None:
    if value is None or value is _ABSENT:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _conflict(
    name: str,
    key: UUID | None,
    field: str,
    paragraph: int | None,
    base: str | None = None,
    mine: str | None = None,
    theirs: str | None = None,
) -> Conflict:
    return Conflict(part=name, key=key, field=field, paragraph=paragraph, base=base, mine=mine, theirs=theirs)

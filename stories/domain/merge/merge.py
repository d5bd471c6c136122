"""Three-way merge of stories: combine what two people made of the same base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any
from uuid import UUID

from stories.domain.merge.data import Choice, Conflict, Merge, Preference
from stories.domain.merge.moved import carry_edits
from stories.domain.merge.order import merge_order
from stories.domain.merge.text import Clash, merge_text
from stories.domain.snapshot import (
    BLOCK_KINDS,
    PART_FIELDS,
    STORY_FIELDS,
    Block,
    Part,
    StorySnapshot,
)

__all__ = ["Choice", "Conflict", "Merge", "Preference", "merge"]

# Fields that are merged together: a change of one is a change of all. Who is quoted, and under what name, is one
# decision; half of each side's could give an anonymous source away.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("section", "section_name"),
    ("author", "credited_as"),
    ("picture", "width", "height", "address"),
    ("speaker", "speaker_title", "anonymous", "description", "anonymity_reason"),
    ("source", "source_url"),
    ("status", "responded_at"),
)


def merge(
    base: StorySnapshot,
    mine: StorySnapshot,
    theirs: StorySnapshot,
    prefer: Preference = "",
    choices: Mapping[str, Choice] = MappingProxyType({}),
) -> Merge:
    """Return both sides' changes since `base` in one story; in a conflict, the preferred side wins, else `mine`.

    Fields are merged one by one, parts by their keys, texts by paragraph, orders as sequences. A deletion on one side
    and a change on the other is a conflict. `choices` resolve conflicts by the name of their decision; the same
    conflicts are reported whatever is chosen.
    """
    return _Merger(prefer, choices).stories(base, mine, theirs)


class _Merger:
    def __init__(self, prefer: Preference, choices: Mapping[str, Choice]) -> None:
        self.preferred: Choice = prefer or "mine"
        self.choices = choices
        self.conflicts: list[Conflict] = []

    def _choice(self, decision: str) -> Choice:
        return self.choices.get(decision, self.preferred)

    def _takes_theirs(self, decision: str) -> bool:
        return self._choice(decision) == "theirs"

    def stories(self, base: StorySnapshot, mine: StorySnapshot, theirs: StorySnapshot) -> Merge:
        sides = [{name: getattr(story, name) for name in STORY_FIELDS} for story in (base, mine, theirs)]
        values = self._fields("", None, *sides)
        for name in PART_FIELDS:
            if name != "blocks":
                values[name] = self._parts(name, *(getattr(story, name) for story in (base, mine, theirs)))
        mine_blocks, their_blocks = carry_edits(base.blocks, mover=mine.blocks, editor=theirs.blocks)
        their_blocks, mine_blocks = carry_edits(base.blocks, mover=their_blocks, editor=mine_blocks)
        values["blocks"] = self._parts("blocks", base.blocks, mine_blocks, their_blocks)
        # The merged story is based on what the person who merges has read.
        return Merge(story=StorySnapshot(**values, erasure=mine.erasure), conflicts=tuple(self.conflicts))

    def _parts(
        self, name: str, base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]
    ) -> tuple[Part, ...]:
        bases, mines, others = ({part.key: part for part in side} for side in (base, mine, theirs))
        merged: dict[UUID, Part] = {}
        for key in {**mines, **others, **bases}:
            part = self._part(name, key, bases.get(key), mines.get(key), others.get(key))
            if part is not None:
                merged[key] = part
        decision = _decision(name, None, "order")
        order, apart = merge_order(
            list(bases),
            list(mines),
            list(others),
            keys=merged.keys(),
            prefer_theirs=self._takes_theirs(decision),
        )
        for key in apart:
            places = (1 + list(side).index(key) for side in (bases, mines, others))
            self._clash(name, key, "order", *places, decision=decision)
        return tuple(merged[key] for key in order)

    def _part(
        self, name: str, key: UUID, base: Part | None, mine: Part | None, theirs: Part | None
    ) -> Part | None:
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            return theirs
        if mine is None or theirs is None:
            # A part missing on one side alone was in the base: it was deleted there, and changed on the other side.
            self._deleted(name, key, base, mine, theirs)
            return theirs if self._takes_theirs(_decision(name, key)) else mine
        if isinstance(mine, Block) or isinstance(theirs, Block):
            return self._block(name, key, base, mine, theirs)
        values = self._fields(name, key, _values(base), _values(mine), _values(theirs))
        return type(mine)(**values)

    def _block(self, name: str, key: UUID, base: Part | None, mine: Part, theirs: Part) -> Part:
        """Merge a block that may have become another kind on one side; fields that both kinds have are merged."""
        olds, mines, others = _values(base), _values(mine), _values(theirs)
        decision = _decision(name, key)
        if mines["kind"] != others["kind"] and olds.get("kind") not in (mines["kind"], others["kind"]):
            for field in {**mines, **others}:
                if mines.get(field, _ABSENT) != others.get(field, _ABSENT):
                    three = (side.get(field) for side in (olds, mines, others))
                    self._clash(name, key, field, *three, decision=decision)
            return theirs if self._takes_theirs(decision) else mine
        values = self._fields(name, key, olds, mines, others)
        kind = BLOCK_KINDS[values.pop("kind")]
        known = {field.name for field in fields(kind)}
        for lost in [field for field in values if field not in known]:
            del values[lost]
            old = olds.get(lost, _ABSENT)
            changed = mines.get(lost, old) != old or others.get(lost, old) != old
            reported = any(conflict.key == key and conflict.field == lost for conflict in self.conflicts)
            if changed and not reported:
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
        # A side whose kind of block lacks a field did not change it.
        olds = {field: base.get(field, _ABSENT) for field in group}
        mines = {field: mine.get(field, olds[field]) for field in group}
        others = {field: theirs.get(field, olds[field]) for field in group}
        if mines == others or others == olds:
            return _present(mines)
        if mines == olds:
            return _present(others)
        if group == ("text",) and name == "blocks":
            old = "" if olds["text"] is _ABSENT else olds["text"]
            return {"text": self._running_text(name, key, old, mines["text"], others["text"])}
        decision = _decision(name, key, group[0])
        for field in group:
            if mines[field] != others[field]:
                self._clash(name, key, field, olds[field], mines[field], others[field], decision=decision)
        return _present(others if self._takes_theirs(decision) else mines)

    def _running_text(self, name: str, key: UUID | None, base: str, mine: str, theirs: str) -> str:
        def decision(number: int) -> str:
            return _decision(name, key, "text", str(number or "all"))

        text, clashes = merge_text(base, mine, theirs, choose=lambda number: self._choice(decision(number)))
        self.conflicts += (_of_text(name, key, clash, decision(clash.number)) for clash in clashes)
        return text

    def _deleted(
        self, name: str, key: UUID, base: Part | None, mine: Part | None, theirs: Part | None
    ) -> None:
        """Report a conflict for each field that one side changed in a part that the other deleted."""
        old, left = _values(base), _values(mine or theirs)
        for field in left:
            if old.get(field, _ABSENT) == left[field]:
                continue
            values = (None, left[field]) if mine is None else (left[field], None)
            self._clash(name, key, field, old.get(field), *values, decision=_decision(name, key))

    def _clash(
        self,
        name: str,
        key: UUID | None,
        field: str,
        base: Any,
        mine: Any,
        theirs: Any,
        *,
        decision: str = "",
    ) -> None:
        self.conflicts.append(
            Conflict(
                part=name,
                key=key,
                field=field,
                paragraph=None,
                base=_text(base),
                mine=_text(mine),
                theirs=_text(theirs),
                decision=decision,
            )
        )


class _Absent:
    """The value of a field that a kind of block does not have."""


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


def _of_text(name: str, key: UUID | None, clash: Clash, decision: str) -> Conflict:
    return Conflict(
        part=name,
        key=key,
        field="text",
        paragraph=clash.paragraph,
        base=clash.base,
        mine=clash.mine,
        theirs=clash.theirs,
        decision=decision,
        has_both=clash.mine is not None and clash.theirs is not None,
    )


def _decision(name: str, key: UUID | None, *what: str) -> str:
    """Return the name of a decision: the part, and its field or paragraph; without these, the whole part."""
    return "/".join([name or "story", str(key or ""), *what])

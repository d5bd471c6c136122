"""What differs between two contents of a story, as data without any markup of its own.

The texts in it are pieces of the stories' own HTML. Tags are pieces of their own; every other piece has the inline
tags around it, so that a renderer can close and open them as needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from stories.domain.snapshot import PART_FIELDS, Block, Part, ProseBlock, StorySnapshot, TextBlock
from stories.domain.text.segments import Ancestor, scan


class StoryTooLong(ValueError):
    """A story has more words than can be compared; the message is a sentence."""


class Op(StrEnum):
    """What happened to something between the old side and the new."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    CHANGE = "change"
    MOVE = "move"
    MOVED_AWAY = "moved-away"


class Piece(NamedTuple):
    """A stretch of a text: one tag, or text (HTML, entities as written) under the inline tags `marks`."""

    text: str
    marks: tuple[str, ...] = ()
    tag: bool = False


class WordOp(NamedTuple):
    """A stretch that is EQUAL on both sides, a DELETE of the old side, or an INSERT of the new side."""

    op: Op
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The stretch as HTML, tags included."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def visible(self) -> bool:
        """Whether the stretch has more than tags and white space."""
        return any(not piece.tag and not piece.text.isspace() for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """One field on both sides. `words` is filled if a text changed, and empty otherwise."""

    name: str
    old: Any
    new: Any
    words: tuple[WordOp, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.old != self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDiff:
    """A byline, comment request or note: EQUAL, INSERT, DELETE or CHANGE, and whether it moved.

    `fields` are those that changed. `old` and `new` are one object if nothing did.
    """

    op: Op
    moved: bool
    old: Part | None
    new: Part | None
    fields: tuple[FieldDiff, ...]
    old_index: int | None
    new_index: int | None

    @property
    def key(self) -> UUID:
        part = self.new or self.old
        assert part is not None
        return part.key


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockUnit:
    """The head of a block: its kind and all its fields but the text, which follows in text units.

    `old` and `new` are the blocks without their texts. `fields` are those that changed; a block that became another
    kind has a field named "kind". A MOVE may have changed fields too. A MOVED_AWAY marks the place that a block left;
    `new_index` is where it went.
    """

    op: Op
    old: Block | None
    new: Block | None
    fields: tuple[FieldDiff, ...] = ()
    old_index: int | None
    new_index: int | None

    @property
    def block(self) -> Block:
        """The new head, or the old one if there is no new one."""
        block = self.new or self.old
        assert block is not None
        return block

    @property
    def kind(self) -> str:
        return self.block.kind

    @property
    def visible(self) -> bool:
        """Whether readers see a difference here; the frame of a text block is not visible by itself."""
        if self.op in (Op.EQUAL, Op.MOVED_AWAY):
            return False
        return bool(self.fields) or not isinstance(self.block, TextBlock)


@dataclass(frozen=True, kw_only=True)
class TextUnit:
    """A paragraph, heading, list item, table row ... of a text or quote block.

    `key` and `kind` are those of its block (new side, else old); `old_key` and `new_key` differ if unchanged text
    passed from one block to another. `path` are the block-level elements around it, the outermost first, numbered so
    that neighbours under the same element have the same number, whichever side they come from. `markup` units (the
    tags around lists, white space between paragraphs) have nothing to read, and no path. `tagged` says that an element
    around or of it became another (a list numbered, a paragraph a heading), or that several paragraphs correspond to
    one of the other side; `old_elements` are then those around it on the old side, blocks by name. A MOVE may have
    changed words. A MOVED_AWAY is the place that a text left, and has no text itself.
    """

    op: Op
    kind: str
    old_key: UUID | None
    new_key: UUID | None
    path: tuple[Ancestor, ...]
    markup: bool = False
    tagged: bool = False
    old_elements: tuple[str, ...] = ()
    raw: str = ""
    changes: tuple[WordOp, ...] = ()
    old_index: int | None
    new_index: int | None

    @property
    def key(self) -> UUID:
        key = self.new_key or self.old_key
        assert key is not None
        return key

    @cached_property
    def words(self) -> tuple[WordOp, ...]:
        """The text in stretches, tags included; a single stretch if nothing inside the unit changed."""
        if self.changes or not self.raw:
            return self.changes
        return (WordOp(self.op if self.op in (Op.INSERT, Op.DELETE) else Op.EQUAL, pieces(self.raw)),)

    @property
    def old_text(self) -> str:
        """Its HTML on the old side, empty if it did not exist there."""
        if self.op in (Op.INSERT, Op.MOVED_AWAY):
            return ""
        return side(self.changes, Op.DELETE) if self.changes else self.raw

    @property
    def new_text(self) -> str:
        """Its HTML on the new side, empty if it is gone."""
        if self.op in (Op.DELETE, Op.MOVED_AWAY):
            return ""
        return side(self.changes, Op.INSERT) if self.changes else self.raw

    @property
    def visible(self) -> bool:
        """Whether readers see a difference here: white space and invisible tags do not count."""
        if self.markup or self.op is Op.MOVED_AWAY:
            return False
        if self.op in (Op.INSERT, Op.DELETE, Op.MOVE) or self.tagged:
            return True
        return any(op.op is not Op.EQUAL and op.visible for op in self.changes)


BodyUnit = BlockUnit | TextUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The size of a difference. A word replaced by another is changed; the rest are added or removed.

    Words and paragraphs are of the body, as readers see it. `fields` names the story's own fields that changed;
    `blocks` counts the blocks that stand apart from the running text, by kind and "added", "removed" or "changed".
    """

    fields: tuple[str, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    words_changed: int = 0
    paragraphs_added: int = 0
    paragraphs_removed: int = 0
    paragraphs_changed: int = 0
    blocks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    moves: int = 0
    bylines_changed: int = 0
    requests_opened: int = 0
    requests_closed: int = 0
    requests_changed: int = 0
    notes_added: int = 0
    notes_changed: int = 0
    notes_removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDiff:
    """A complete comparison of two contents of a story, with what differs and what does not.

    True if anything differs at all, white space included. `fields` are all the story's own fields; `body` is in the
    order of display: the new order, with what was deleted inserted at its old place. `paragraphs_only`: a side was too
    long to compare its words.
    """

    fields: tuple[FieldDiff, ...]
    bylines: tuple[PartDiff, ...]
    comment_requests: tuple[PartDiff, ...]
    update_notes: tuple[PartDiff, ...]
    body: tuple[BodyUnit, ...]
    summary: Summary
    paragraphs_only: bool = False

    def __bool__(self) -> bool:
        if any(field.changed for field in self.fields):
            return True
        parts = (*self.bylines, *self.comment_requests, *self.update_notes)
        if any(part.moved or part.op is not Op.EQUAL for part in parts):
            return True
        return any(unit.op is not Op.EQUAL for unit in self.body)

    def field(self, name: str) -> FieldDiff:
        """Return the story's own field of this name, such as "headline"."""
        return next(field for field in self.fields if field.name == name)

    @property
    def changed_fields(self) -> tuple[FieldDiff, ...]:
        """The story's own fields that differ."""
        return tuple(field for field in self.fields if field.changed)

    def accept(self) -> StorySnapshot:
        """Return the new side, rebuilt with every change accepted."""
        return self._rebuilt("new")

    def reject(self) -> StorySnapshot:
        """Return the old side, rebuilt with every change rejected."""
        return self._rebuilt("old")

    def _rebuilt(self, which: str) -> StorySnapshot:
        values: dict[str, Any] = {field.name: getattr(field, which) for field in self.fields}
        for name in PART_FIELDS:
            if name != "blocks":
                values[name] = tuple(getattr(part, which) for part in _in_order(getattr(self, name), which))
        values["blocks"] = _blocks(_in_order(self.body, which), which)
        return StorySnapshot(**values)


def side(words: tuple[WordOp, ...], own: Op) -> str:
    """Return the text of one side of a word diff: own=INSERT for the new, own=DELETE for the old side."""
    return "".join(op.text for op in words if op.op is Op.EQUAL or op.op is own)


def pieces(raw: str) -> tuple[Piece, ...]:
    """Return a whole text as the fewest pieces that its tags and marks allow."""
    texts, marks = scan(raw)
    return joined(texts, marks)


def joined(texts: list[str], marks: list[tuple[str, ...] | None]) -> tuple[Piece, ...]:
    """Return tokens as pieces, merging neighbours under the same marks; None marks a tag."""
    result: list[Piece] = []
    start = 0
    for end in range(1, len(texts) + 1):
        mark = marks[start]
        if end < len(texts) and mark is not None and (marks[end] is mark or marks[end] == mark):
            continue
        result.append(Piece("".join(texts[start:end]), mark or (), mark is None))
        start = end
    return tuple(result)


def without_text(block: Block) -> Block:
    """Return the head of a block: the block with an empty text."""
    return with_text(block, "")


def with_text(block: Block, text: str) -> Block:
    """Return a head with its text restored; a block without text is returned as it is."""
    return replace(block, text=text) if isinstance(block, ProseBlock) else block


def _in_order(items: tuple[Any, ...], which: str) -> list[Any]:
    present = [
        item for item in items if item.op is not Op.MOVED_AWAY and getattr(item, f"{which}_index") is not None
    ]
    return sorted(present, key=lambda item: int(getattr(item, f"{which}_index")))


def _blocks(units: list[BodyUnit], which: str) -> tuple[Block, ...]:
    heads: list[Block] = []
    texts: list[list[str]] = []
    for unit in units:
        if isinstance(unit, BlockUnit):
            heads.append(getattr(unit, which))
            texts.append([])
        else:
            texts[-1].append(unit.old_text if which == "old" else unit.new_text)
    return tuple(with_text(head, "".join(text)) for head, text in zip(heads, texts, strict=True))

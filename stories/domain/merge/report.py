"""Report what a merge took over from others: each place, who changed it, and its texts before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from stories.domain.merge.order import moved
from stories.domain.merge.text import ALIKE, items
from stories.domain.snapshot import STORY_FIELDS, Block, Part, StorySnapshot
from stories.domain.text.alignment import align

# The fields of a part (or of the story itself) by their names; None if there is no such part.
Values = Mapping[str, Any] | None

# The parts in the order of the form.
_PAGE: Final = ("blocks", "bylines", "comment_requests", "update_notes")
# Fields that another field already reports: a picture's size, the slug of a section that is named.
_OMITTED: Final = frozenset({"key", "width", "height", "section"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """A revision that somebody saved: the values that it wrote, by the keys of the parts; None is the story itself."""

    number: int
    user_id: int | None
    user_name: str
    parts: Mapping[UUID | None, Values]


class ChangeKind(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedChange:
    """A change by others that is in the merged story.

    `part` and `key` are as in `Conflict`; `field` is "" for a whole part, "kind" if a block became another kind.
    `paragraph` is its number in the merged story (None: not a paragraph, or one that was removed). The texts are as
    stored; None if there was, or is, nothing.
    """

    part: str
    key: UUID | None
    change: ChangeKind
    field: str
    paragraph: int | None
    before: str | None
    after: str | None
    saves: tuple[Save, ...]


def merged_changes(
    base: StorySnapshot, theirs: StorySnapshot, merged: StorySnapshot, saves: Sequence[Save]
) -> tuple[MergedChange, ...]:
    """Return the changes by others to `base` that the merged story has, in the order of the page.

    `saves` are those that led from `base` to `theirs`, the oldest first.
    """
    return tuple(_Reporter(base, theirs, merged, saves).places())


def saves_that_changed(
    saves: Sequence[Save], key: UUID | None, before: Values, touched: Callable[[Values, Values], bool]
) -> tuple[Save, ...]:
    """Return the saves for which `touched` holds of a part's values before and after.

    `before` are its values before the first save.
    """
    found = []
    for save in saves:
        if key in save.parts:
            after = save.parts[key]
            if touched(before, after):
                found.append(save)
            before = after
    return tuple(found)


def values_of(story: StorySnapshot, key: UUID | None) -> Values:
    """Return a part's fields by name, the story's own for None; None if the story has no such part."""
    if key is None:
        return {name: getattr(story, name) for name in STORY_FIELDS}
    part = next((part for part in story.parts() if part.key == key), None)
    return None if part is None else _values(part)


def changes_field(name: str) -> Callable[[Values, Values], bool]:
    """Return a test for `saves_that_changed`: a field differs. It always does in an added or removed part."""
    return lambda before, after: (before or {}).get(name) != (after or {}).get(name)


def changes_paragraphs(*raws: str | None) -> Callable[[Values, Values], bool]:
    """Return a test for `saves_that_changed`: one of these paragraphs was added or removed."""
    paragraphs = {_spaced(raw) for raw in raws if raw is not None}

    def touched(before: Values, after: Values) -> bool:
        were, are = (_paragraphs((values or {}).get("text")) for values in (before, after))
        return paragraphs & set(were) != paragraphs & set(are)

    return touched


class _Reporter:
    def __init__(
        self, base: StorySnapshot, theirs: StorySnapshot, merged: StorySnapshot, saves: Sequence[Save]
    ) -> None:
        self.base, self.theirs, self.merged, self.saves = base, theirs, merged, saves
        self.paragraphs = {block.key: _paragraphs(getattr(block, "text", None)) for block in merged.blocks}

    def places(self) -> Iterator[MergedChange]:
        yield from self._fields("", None, *(values_of(each, None) for each in self._three()))
        for name in _PAGE:
            bases, others, results = (
                {part.key: part for part in getattr(story, name)} for story in self._three()
            )
            shifted = moved(list(bases), list(others))
            for key in {**results, **others, **bases}:
                yield from self._part(name, key, bases.get(key), others.get(key), results.get(key))
                if key in shifted and key in results:
                    yield self._whole(name, key, ChangeKind.MOVED, _same)

    def _three(self) -> tuple[StorySnapshot, StorySnapshot, StorySnapshot]:
        return self.base, self.theirs, self.merged

    def _part(
        self, name: str, key: UUID, base: Part | None, theirs: Part | None, merged: Part | None
    ) -> Iterator[MergedChange]:
        if base == theirs:
            return
        if base is None:
            if merged is not None:
                yield self._whole(name, key, ChangeKind.ADDED, lambda before, after: before is None)
        elif theirs is None:
            if merged is None:
                yield self._whole(name, key, ChangeKind.REMOVED, lambda before, after: after is None)
        elif merged is not None:
            yield from self._fields(name, key, _values(base), _values(theirs), _values(merged))

    def _whole(
        self, name: str, key: UUID, change: ChangeKind, touched: Callable[[Values, Values], bool]
    ) -> MergedChange:
        saves = saves_that_changed(self.saves, key, values_of(self.base, key), touched)
        return MergedChange(
            part=name, key=key, change=change, field="", paragraph=None, before=None, after=None, saves=saves
        )

    def _fields(
        self, name: str, key: UUID | None, base: Values, theirs: Values, merged: Values
    ) -> Iterator[MergedChange]:
        olds, others, results = base or {}, theirs or {}, merged or {}
        for field in [field for field in others if field in olds and field not in _OMITTED]:
            if olds[field] == others[field]:
                continue
            if name == "blocks" and field == "text":
                yield from self._text(key, olds["text"], others["text"])
            elif field in results and results[field] == others[field]:
                saves = saves_that_changed(self.saves, key, base, changes_field(field))
                yield MergedChange(
                    part=name,
                    key=key,
                    change=ChangeKind.CHANGED,
                    field=field,
                    paragraph=None,
                    before=_as_text(olds[field]),
                    after=_as_text(others[field]),
                    saves=saves,
                )

    def _text(self, key: UUID | None, base: str, theirs: str) -> Iterator[MergedChange]:
        olds, others = items(base), items(theirs)
        pairs = dict(align(olds, others, at_least=ALIKE))
        added = set(range(len(others))) - set(pairs.values())
        for place, old in enumerate(olds):
            if not old.content:
                continue
            if place not in pairs:
                if not any(_spaced(old.raw) in found for found in self.paragraphs.values()):
                    yield self._paragraph(key, key, ChangeKind.REMOVED, None, old.raw, None)
                continue
            new = others[pairs[place]]
            if _spaced(new.raw) != _spaced(old.raw):
                yield from self._where_found(key, ChangeKind.CHANGED, old.raw, new.raw)
        for place in sorted(added):
            if others[place].content:
                yield from self._where_found(key, ChangeKind.ADDED, None, others[place].raw)

    def _where_found(
        self, key: UUID | None, change: ChangeKind, before: str | None, after: str
    ) -> Iterator[MergedChange]:
        """Yield the change of a paragraph in the block where the merged story has it."""
        for block in sorted(self.paragraphs, key=lambda each: each != key):
            if _spaced(after) in self.paragraphs[block]:
                number = 1 + self.paragraphs[block].index(_spaced(after))
                yield self._paragraph(key, block, change, number, before, after)
                return

    def _paragraph(
        self,
        key: UUID | None,
        location: UUID | None,
        change: ChangeKind,
        number: int | None,
        before: str | None,
        after: str | None,
    ) -> MergedChange:
        saves = saves_that_changed(
            self.saves, key, values_of(self.base, key), changes_paragraphs(before, after)
        )
        return MergedChange(
            part="blocks",
            key=location,
            change=change,
            field="text",
            paragraph=number,
            before=before,
            after=after,
            saves=saves,
        )


def _paragraphs(text: str | None) -> list[str]:
    return [_spaced(item.raw) for item in items(text or "") if item.content]


def _spaced(raw: str) -> str:
    # A change of white space is not an edit.
    return " ".join(raw.split())


def _values(part: Part | None) -> dict[str, Any]:
    if part is None:
        return {}
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {"kind": part.kind, **values} if isinstance(part, Block) else values


def _same(before: Values, after: Values) -> bool:
    # A part that was saved again without a change was moved.
    return before is not None and after is not None and dict(before) == dict(after)


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

"""Make a story of the values in a form, with plain data and no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from stories.domain.snapshot import (
    Block,
    Byline,
    CommentRequest,
    NoteKind,
    Part,
    RequestStatus,
    StoryKind,
    StorySnapshot,
    UpdateNote,
)

_ENUMERATED: dict[type, dict[str, type]] = {
    StorySnapshot: {"kind": StoryKind},
    CommentRequest: {"status": RequestStatus},
    UpdateNote: {"kind": NoteKind},
}
_TUPLES: dict[str, type[Part]] = {
    "bylines": Byline,
    "blocks": Block,
    "comment_requests": CommentRequest,
    "update_notes": UpdateNote,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedPart:
    """One row of a form: which part, its position (None: last), and the values typed."""

    kind: type[Part]
    key: UUID
    order: int | None
    values: Mapping[str, Any]


def story_from_form(
    *, values: Mapping[str, Any], parts: Iterable[SubmittedPart], base: StorySnapshot
) -> StorySnapshot:
    """Return the story that a form describes, on top of the story `base` that it was opened at.

    What a form does not show (a picture's size, a section's former name) stays as it was, and so do differences that a
    form can't carry: fractions of a second, kinds of line ends.
    """
    rows = list(parts)
    before = {part.key: part for part in base.parts()}
    story = _typed(StorySnapshot, values, base)
    for name, kind in _TUPLES.items():
        rows_of_kind = [row for row in rows if issubclass(row.kind, kind)]
        in_order = sorted(rows_of_kind, key=lambda row: (row.order is None, row.order or 0))
        story[name] = tuple(_part(row, before.get(row.key)) for row in in_order)
    return replace(base, **story)


def _part(row: SubmittedPart, before: Part | None) -> Part:
    if before is not None and type(before) is row.kind:
        return replace(before, **_typed(row.kind, row.values, before))
    return row.kind(key=row.key, **_typed(row.kind, row.values, None))


def _typed(kind: type, values: Mapping[str, Any], before: object | None) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    enumerated = _ENUMERATED.get(kind, {})
    typed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in names:
            continue
        if name in enumerated:
            value = enumerated[name](value)
        was = getattr(before, name, None)
        typed[name] = was if before is not None and _is_the_same(was, value) else value
    return typed


def _is_the_same(was: object, value: object) -> bool:
    if isinstance(was, datetime) and isinstance(value, datetime):
        return was.replace(microsecond=0) == value.replace(microsecond=0)
    if type(was) is str and type(value) is str:
        return was.strip() == value.replace("\r\n", "\n").strip()
    return bool(was == value)

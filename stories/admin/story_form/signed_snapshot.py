"""A story carried by a page, signed, so that what comes back is what the form had accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from types import NoneType
from typing import Any, get_args, get_type_hints
from uuid import UUID

from django.core import signing

from stories.domain.snapshot import (
    BLOCK_KINDS,
    PART_FIELDS,
    Byline,
    CommentRequest,
    Part,
    StorySnapshot,
    UpdateNote,
)

_SALT = "stories.admin.sealed_story"
# Long enough for a review that is published the next morning, after signing in again.
_MAX_AGE = timedelta(days=3)
_PARTS: dict[str, type[Part]] = {
    **BLOCK_KINDS,
    "byline": Byline,
    "comment_request": CommentRequest,
    "update_note": UpdateNote,
}
_NAMES = {kind: name for name, kind in _PARTS.items()}


class BadSnapshotSignature(ValueError):
    """A signed story is invalid, too old, or was signed for another story or person."""


@dataclass(frozen=True, kw_only=True)
class SignedSnapshot:
    """A fixed story, and the number of the live revision that it started from.

    `answers` is the request whose statement it takes from the comment desk, None if it takes none.
    """

    story: StorySnapshot
    base: int
    answers: UUID | None = None


def sign_snapshot(
    story: StorySnapshot, *, base: int, article_id: int, user_id: int | None, answers: UUID | None = None
) -> str:
    """Return a story as signed text for a hidden field."""
    data: dict[str, Any] = {"article": article_id, "user": user_id, "base": base, "story": to_data(story)}
    if answers is not None:
        data["answers"] = str(answers)
    return signing.dumps(data, salt=_SALT, compress=True)


def unsign_snapshot(text: str, *, article_id: int, user_id: int | None) -> SignedSnapshot:
    """Return what the same person signed for the same story. Raise BadSnapshotSignature."""
    try:
        data = signing.loads(text, salt=_SALT, max_age=_MAX_AGE)
    except signing.BadSignature as error:
        raise BadSnapshotSignature(str(error)) from error
    if (data["article"], data["user"]) != (article_id, user_id):
        raise BadSnapshotSignature("It was signed for another story, or by another person.")
    answers = UUID(data["answers"]) if "answers" in data else None
    return SignedSnapshot(story=from_data(data["story"]), base=data["base"], answers=answers)


def to_data(story: StorySnapshot) -> dict[str, Any]:
    """Return a story as types that JSON has."""
    data = {name: _plain(getattr(story, name)) for name in _hints(StorySnapshot) if name not in PART_FIELDS}
    for name in PART_FIELDS:
        data[name] = [
            {
                "is": _NAMES[type(part)],
                **{each.name: _plain(getattr(part, each.name)) for each in fields(part)},
            }
            for part in getattr(story, name)
        ]
    return data


def from_data(data: Mapping[str, Any]) -> StorySnapshot:
    """Return the story that `to_data` was given."""
    fields_data = {name: value for name, value in data.items() if name not in PART_FIELDS}
    values = _typed(StorySnapshot, fields_data)
    values |= {name: tuple(_part(dict(part)) for part in data[name]) for name in PART_FIELDS}
    return StorySnapshot(**values)


def _part(data: dict[str, Any]) -> Part:
    kind = _PARTS[data.pop("is")]
    return kind(**_typed(kind, data))


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    hints = _hints(kind)
    return {name: _read(hints[name], value) for name, value in values.items()}


def _read(hint: object, value: object) -> object:
    if value is None:
        return None
    meant: Any = next((each for each in get_args(hint) if each is not NoneType), hint)
    if meant in (date, datetime):
        return meant.fromisoformat(value)
    return meant(value)


def _hints(kind: type) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: hint for name, hint in get_type_hints(kind).items() if name in names}

"""A wanted story on its way through a page: signed, so that what comes back is what the form had accepted."""

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
    StorySnapshot,
    UpdateNote,
)

_SALT = "stories.admin.sealed_story"
# Longer than a night between the review and the sign-in that it asked for.
_MAX_AGE = timedelta(days=3)
_PARTS: dict[str, type] = {
    **BLOCK_KINDS,
    "byline": Byline,
    "comment_request": CommentRequest,
    "update_note": UpdateNote,
}
_NAMES = {kind: name for name, kind in _PARTS.items()}


class BadSnapshotSignature(ValueError):
    """A sealed story that is not one, is too old, or was sealed for another story or person."""


@dataclass(frozen=True, kw_only=True)
class SignedSnapshot:
    """A wanted story, and the number of the live revision that it started from.

    `answers` is the request whose statement it takes from the comment desk, None where none.
    """

    story: StorySnapshot
    base: int
    answers: UUID | None = None


def sign_snapshot(
    story: StorySnapshot, *, base: int, article_id: int, user_id: Any, answers: UUID | None = None
) -> str:
    """Return a story as signed text for a hidden field."""
    held = {"article": article_id, "user": user_id, "base": base, "story": to_data(story)}
    if answers is not None:
        held["answers"] = str(answers)
    return signing.dumps(held, salt=_SALT, compress=True)


def unsign_snapshot(text: str, *, article_id: int, user_id: Any) -> SignedSnapshot:
    """Return what the same person signed for the same story. Raise BadSnapshotSignature."""
    try:
        held = signing.loads(text, salt=_SALT, max_age=_MAX_AGE)
    except signing.BadSignature as error:
        raise BadSnapshotSignature(str(error)) from error
    if (held["article"], held["user"]) != (article_id, user_id):
        raise BadSnapshotSignature("It was sealed for another story, or by another person.")
    answers = UUID(held["answers"]) if "answers" in held else None
    return SignedSnapshot(story=from_data(held["story"]), base=held["base"], answers=answers)


def to_data(story: StorySnapshot) -> dict[str, Any]:
    """Return a story as types that JSON has."""
    held = {name: _plain(getattr(story, name)) for name in _hints(StorySnapshot) if name not in PART_FIELDS}
    for name in PART_FIELDS:
        held[name] = [
            {
                "is": _NAMES[type(part)],
                **{each.name: _plain(getattr(part, each.name)) for each in fields(part)},
            }
            for part in getattr(story, name)
        ]
    return held


def from_data(held: Mapping[str, Any]) -> StorySnapshot:
    """Return the story that `to_data` was given."""
    values = {name: value for name, value in held.items() if name not in PART_FIELDS}
    told = _typed(StorySnapshot, values)
    told |= {name: tuple(_part(dict(part)) for part in held[name]) for name in PART_FIELDS}
    return StorySnapshot(**told)


def _part(held: dict[str, Any]) -> Any:
    kind = _PARTS[held.pop("is")]
    return kind(**_typed(kind, held))


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    hints = _hints(kind)
    return {name: _read(hints[name], value) for name, value in values.items()}


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    meant = next((each for each in get_args(hint) if each is not NoneType), hint)
    if meant in (date, datetime):
        return meant.fromisoformat(value)
    return meant(value)


def _hints(kind: type) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: hint for name, hint in get_type_hints(kind).items() if name in names}

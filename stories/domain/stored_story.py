"""A public story as JSON and back, without loss: so that its pages need no history."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from types import NoneType
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

from stories.domain.snapshot import (
    BLOCK_KINDS,
    PART_FIELDS,
    Byline,
    CommentRequest,
    Part,
    PublicStory,
    UpdateNote,
)

# What a part's kind is called, where a tuple has parts of several kinds.
_KIND: Final = "is"


def stored_story(story: PublicStory) -> str:
    """Return a story as JSON."""
    data: dict[str, Any] = {
        name: [_stored_part(part) for part in getattr(story, name)]
        if name in PART_FIELDS
        else _stored(getattr(story, name))
        for name in _NAMES
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read_story(text: str) -> PublicStory:
    """Return the story of a JSON text that `stored_story` made, in the present form."""
    data = json.loads(text)
    for name in PART_FIELDS:
        data[name] = tuple(map(_PARTS[name], data[name]))
    return PublicStory(**_read(PublicStory, data))


def _stored_part(part: Part) -> dict[str, Any]:
    values = {field.name: _stored(getattr(part, field.name)) for field in fields(part)}
    kind = getattr(part, "kind", "")
    return {_KIND: kind, **values} if type(part) in _BLOCKS else values


def _stored(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _block(values: dict[str, Any]) -> Part:
    kind = BLOCK_KINDS[values.pop(_KIND)]
    return kind(**_read(kind, values))


def _part_of(kind: type[Part]) -> Callable[[dict[str, Any]], Part]:
    return lambda values: kind(**_read(kind, values))


def _read(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    for name, read in _READERS[kind].items():
        if values[name] is not None:
            values[name] = read(values[name])
    return values


def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    """Return what makes a value of those fields that JSON has no type for."""
    found: dict[str, Callable[[Any], Any]] = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        hint = next((each for each in get_args(hints[field.name]) if each is not NoneType), hints[field.name])
        if hint is UUID:
            found[field.name] = UUID
        elif hint in (date, datetime):
            found[field.name] = hint.fromisoformat
        elif isinstance(hint, type) and issubclass(hint, Enum):
            found[field.name] = hint
    return found


_BLOCKS: Final = frozenset(BLOCK_KINDS.values())
_PARTS: Final[dict[str, Callable[[dict[str, Any]], Part]]] = {
    "bylines": _part_of(Byline),
    "blocks": _block,
    "comment_requests": _part_of(CommentRequest),
    "update_notes": _part_of(UpdateNote),
}
_KINDS: Final = (PublicStory, Byline, CommentRequest, UpdateNote, *BLOCK_KINDS.values())
_NAMES: Final = tuple(field.name for field in fields(PublicStory))
_READERS: Final = {kind: _readers(kind) for kind in _KINDS}
# Another for each set of kinds and fields: a text in the form of an earlier release is not read.
FORM: Final = sha256(
    repr(
        [(kind.__name__, [(field.name, str(field.type)) for field in fields(kind)]) for kind in _KINDS]
    ).encode()
).hexdigest()[:16]

"""A story's dossier as plain data: what its file contains, and how a story is written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import IO, Any, Final
from uuid import UUID

from stories.domain.ledger import canonical_time
from stories.domain.snapshot import PART_FIELDS, STORY_FIELDS, Block, Part, StoryContent

# How a row's columns are named in a story, which are omitted, and which are "" if they are empty.
RENAMED_COLUMNS: Final = {"section_id": "section", "author_id": "author", "picture_id": "picture"}
OMITTED_COLUMNS: Final = (
    "id",
    "parent_id",
    "ordering",
    "region",
    "history_id",
    "history_date",
    "history_type",
    "revision",
)
EMPTY_TEXT_COLUMNS: Final = ("section_id", "picture_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierNote:
    """A note that a version added."""

    kind: str
    text: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierVersion:
    """A version: since when it is live, its entry in the ledger, and what the public reads.

    In the public part, `revision` is 0 and `user_name` "": it reveals no drafts and names no editor. `story` is None
    if the public sees none of it.
    """

    number: int
    live_from: datetime
    sequence: int
    publication_class: str
    line: str
    notes: tuple[DossierNote, ...]
    story: StoryContent | None
    before: StoryContent | None
    revision: int = 0
    # Who published it.
    user_name: str = ""
    # Whether the public reads other words than those of the revision.
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRevision:
    """A revision: by whom, when, why, and its story."""

    number: int
    user_name: str
    recorded_at: datetime
    reason: str
    sequence: int
    story: StoryContent
    before: StoryContent


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPicture:
    """A picture's file, None if it no longer exists."""

    digest: str
    format: str
    open: Callable[[], IO[bytes]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All the content of a dossier's file. What may be long is read while it is written. `lines` are by file name."""

    full: bool
    headline: str
    about: dict[str, Any]
    documents: dict[str, Any]
    lines: dict[str, Iterable[dict[str, Any]]]
    revisions: Iterable[DossierRevision]
    versions: Iterable[DossierVersion]
    pictures: tuple[DossierPicture, ...]


def json_value(value: Any) -> Any:
    """Return a value as JSON has it, as in the ledger's digests."""
    if isinstance(value, datetime):
        return canonical_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def story_as_json(story: StoryContent) -> dict[str, Any]:
    """Return a story as JSON, with every field of every part."""
    values: dict[str, Any] = {name: json_value(getattr(story, name)) for name in STORY_FIELDS}
    return values | {name: list(map(_part_as_json, getattr(story, name))) for name in PART_FIELDS}


def _part_as_json(part: Part) -> dict[str, Any]:
    kind = {"block": part.kind} if isinstance(part, Block) else {}
    return kind | {field.name: json_value(getattr(part, field.name)) for field in fields(part)}


def picture_name(picture: DossierPicture) -> str:
    """Return the name of a picture's file in a dossier."""
    return f"pictures/{picture.digest}.{picture.format}"


def chunks(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers from `first` to `last` in stretches, as the first and the last of each."""
    for start in range(first, last + 1, size):
        yield start, min(last, start + size - 1)

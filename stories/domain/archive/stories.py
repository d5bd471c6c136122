"""The story archive format, `story-archive/1`: a line of it as plain data, and back.

A line is checked against the published schema first, then against rules that no schema expresses: times are in order
and exist. Every error is a sentence that names its place in the line; the caller adds the line's number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, NoReturn

from stories.domain.archive.schema import describe_place, find_problem
from stories.domain.snapshot import NoteKind, RequestStatus, StoryKind
from stories.domain.text.controls import without_controls
from stories.domain.text.slugs import normal_slug

FORMAT: Final = "story-archive/1"
DEFAULT_CLASS: Final = "imported"
DEFAULT_LANGUAGE: Final = "en"

# Escapes of control characters, or of half a character.
_SUSPICIOUS = re.compile(r"\\u(?:00[01]|007f|d[89a-f]|fff[ef])", re.IGNORECASE)


class ArchiveError(ValueError):
    """A line can't be imported; the message is a sentence that says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedByline:
    """A credit: the name, and the author's slug if it does not follow from the name."""

    name: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedNote:
    """A note that a version added. `place` counts from 1 among all its notes; None is the last."""

    kind: NoteKind
    text: str
    was: str = ""
    now: str = ""
    key: str = ""
    amends: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRequest:
    """A comment request as of a version."""

    party: str
    status: RequestStatus
    requested_at: datetime | None = None
    responded_at: datetime | None = None
    asked_how: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedVersion:
    """A version. `blocks` is None if the archive gives `body`, which is HTML."""

    live_from: datetime
    headline: str
    slug: str
    kind: StoryKind
    section: str
    section_name: str
    language: str
    dek: str = ""
    dateline: str = ""
    disclosure: str = ""
    bylines: tuple[ArchivedByline, ...] = ()
    body: str = ""
    blocks: tuple[Mapping[str, Any], ...] | None = None
    notes: tuple[ArchivedNote, ...] = ()
    comment_requests: tuple[ArchivedRequest, ...] = ()
    publication_class: str = DEFAULT_CLASS
    line: str = ""
    reason: str = ""
    editor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedStory:
    """A story of an archive. `digest` is the SHA-256 in hex of its line, without the line break."""

    slug: str
    versions: tuple[ArchivedVersion, ...]
    source_id: str
    addresses: tuple[str, ...]
    digest: str


def load(line: bytes) -> ArchivedStory:
    """Return the story of a line. Raise ArchiveError if it can't be imported."""
    line = line.strip(b" \t\r\n")
    data = _parse(line)
    problem = find_problem(data)
    if problem:
        raise ArchiveError(problem)
    versions = tuple(_version(data, number) for number in range(len(data["versions"])))
    for number, (earlier, later) in enumerate(pairwise(versions), start=1):
        if earlier.live_from >= later.live_from:
            raise ArchiveError(
                f"{describe_place('versions', number)}: “live_from” is {later.live_from.isoformat()},"
                f" which is not after the version before it ({earlier.live_from.isoformat()})."
            )
    return ArchivedStory(
        slug=normal_slug(data["slug"]),
        versions=versions,
        source_id=data.get("source_id", ""),
        addresses=tuple(data.get("addresses", ())),
        digest=sha256(line).hexdigest(),
    )


def dump(data: Mapping[str, Any]) -> bytes:
    """Return a story as a line: always the same bytes for the same story."""
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n"


def time_text(moment: datetime) -> str:
    """Return a time as the archive writes it: in UTC, with its offset."""
    return moment.astimezone(UTC).isoformat()


def date_of(text: str, place: str) -> date:
    """Return a date of a line. Raise ArchiveError if there is no such date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArchiveError(f"{place}: “{text}” is no date of the calendar.") from None


def _parse(line: bytes) -> Any:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveError(
            f"The line is not UTF-8: its byte {error.start + 1} belongs to no character."
        ) from None
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ArchiveError(f"The line is not JSON: at character {error.pos + 1}, {error.msg}.") from None
    except RecursionError:
        raise ArchiveError("The line is not a story: its lists and objects nest too deeply.") from None
    except ArchiveError:
        raise
    except ValueError:
        raise ArchiveError("The line holds a number that is too long.") from None
    return _scrubbed(data) if _SUSPICIOUS.search(text) else data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ArchiveError(f"The key “{twice[:60]}” stands twice in one object.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ArchiveError(f"The line is not JSON: {name} is no number.")


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {without_controls(name): _scrubbed(item) for name, item in value.items()}
    return value


def _version(story: Mapping[str, Any], index: int) -> ArchivedVersion:
    data = story["versions"][index]
    place = describe_place("versions", index)
    blocks = data.get("blocks")
    return ArchivedVersion(
        live_from=_time(data["live_from"], f"{place}: “live_from”"),
        headline=data["headline"],
        slug=normal_slug(data.get("slug", story["slug"])),
        kind=StoryKind(data.get("kind", story.get("kind", StoryKind.STORY))),
        section=data.get("section", story.get("section", "")),
        section_name=data.get("section_name", ""),
        language=data.get("language", story.get("language", DEFAULT_LANGUAGE)),
        **{
            name: data[name]
            for name in ("dek", "dateline", "disclosure", "line", "reason", "editor")
            if name in data
        },
        bylines=tuple(_byline(byline) for byline in data.get("bylines", ())),
        body=data.get("body", ""),
        blocks=None if blocks is None else tuple(blocks),
        notes=tuple(
            ArchivedNote(**{**note, "kind": NoteKind(note["kind"])}) for note in data.get("notes", ())
        ),
        comment_requests=tuple(
            _request(request, f"{place}, comment request {number}")
            for number, request in enumerate(data.get("comment_requests", ()), start=1)
        ),
        publication_class=data.get("class", DEFAULT_CLASS),
    )


def _byline(data: str | Mapping[str, str]) -> ArchivedByline:
    if isinstance(data, str):
        return ArchivedByline(name=data)
    return ArchivedByline(name=data["name"], author=normal_slug(data.get("author", "")))


def _request(data: Mapping[str, Any], place: str) -> ArchivedRequest:
    times = {
        name: _time(data[name], f"{place}: “{name}”")
        for name in ("requested_at", "responded_at")
        if data.get(name) is not None
    }
    return ArchivedRequest(
        party=data["party"],
        status=RequestStatus(data["status"]),
        asked_how=data.get("asked_how", ""),
        sentence=data.get("sentence", ""),
        requested_at=times.get("requested_at"),
        responded_at=times.get("responded_at"),
    )


def _time(text: str, place: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ArchiveError(f"{place} is “{text}”, which is no time of the calendar.") from None

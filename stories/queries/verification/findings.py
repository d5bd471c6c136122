"""The findings of a verification: as a sentence without a story's words, which are stored separately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from django.db import DataError

# Errors that a stored value raises that is invalid for its column: somebody has written to the database.
# An invalid time reads as None on SQLite; PostgreSQL's driver refuses it.
UNREADABLE: Final = (ValueError, TypeError, OverflowError, AttributeError, DataError)

# How much of a value is included, and how much of the text before the first difference.
_LONGEST_VALUE: Final = 60
_LEAD: Final = 15
_NAMED: Final = 5


class Kind(StrEnum):
    """What is wrong."""

    GUARD = "guard"
    DATABASE = "database"
    STORED = "stored value"
    UNREADABLE = "unreadable"
    BROKEN_OFF = "broken off"
    MISSING = "missing entry"
    CHAIN = "chain"
    PAYLOAD = "payload"
    COLUMN = "column"
    EVENT = "event"
    IMPOSSIBLE = "event that no action writes"
    ACTOR = "who made an entry"
    WORDS = "words"
    ROW = "history row"
    UNCOVERED = "uncovered rows"
    PUBLICATION = "publication"
    DAILY_HEAD = "daily head"
    SAVED_HEAD = "saved head"
    PUBLISHED_HEAD = "published head"
    RESTORATION = "accepted older copy"
    NUMBERS = "revision numbers"
    ADDRESS = "address"
    WORKING_ROW = "working row"
    PART_KEY = "part key"
    WITHHELD = "withheld"
    ERASURE = "erasure"
    OLDER_COPY = "older copy"
    PICTURE = "picture"
    SEARCH = "text to search"
    NAME = "name"
    PROFILE = "profile"
    RIGHTS = "rights"
    LIVE = "live period"
    PUBLISHED = "published story"
    DESK_CARD = "story’s status"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that is not as it was recorded; both values are shortened."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field} was {self.before}, is {self.after}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `sequence` is the entry's, None if no entry is to blame.

    `message` names table, key and fields, but none of their words: it is stored, and sent by mail. `changes` have
    those, for whoever runs the verification.
    """

    sequence: int | None
    kind: Kind
    message: str
    changes: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        return f"Entry {self.sequence}: {self.message}" if self.sequence else self.message

    def with_values(self) -> str:
        """Return the sentence, with the old and new values of the fields."""
        return " ".join([str(self), *(f"{change}." for change in self.changes)])


def changed(field: str, before: Any, after: Any) -> FieldChange:
    """Return a field's old and new value, each cut to where they differ."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return FieldChange(field, _shortened(before), _shortened(after))
    start = (
        sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        - _LEAD
    )
    start = start if start > _LEAD else 0
    return FieldChange(field, _excerpt(before, start), _excerpt(after, start))


def _shortened(value: Any) -> str:
    return _excerpt(value, 0) if isinstance(value, str) else str(value)[:_LONGEST_VALUE]


def _excerpt(text: str, start: int) -> str:
    cut = text[start : start + _LONGEST_VALUE]
    return f"“{'…' if start else ''}{cut}{'…' if len(text) > start + _LONGEST_VALUE else ''}”"


def listed(numbers: Sequence[Any]) -> str:
    """Return the first few of several numbers, and how many more there are."""
    more = len(numbers) - _NAMED
    return ", ".join(map(str, numbers[:_NAMED])) + (f" and {more} more" if more > 0 else "")

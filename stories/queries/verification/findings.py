"""What verification finds: told in a sentence without a story's words, which stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from django.db import DataError

# What reading a row, or reckoning with it, raises whose stored value is none of its column: somebody has written there.
# A time that is none reads as None on SQLite; PostgreSQL's driver refuses it.
UNREADABLE: Final = (ValueError, TypeError, OverflowError, AttributeError, DataError)

# How much of a value is shown, and how much of what stands before the first difference.
_SHOWN: Final = 60
_LEAD: Final = 15
_NAMED: Final = 5


class Kind(StrEnum):
    """What it is that does not hold."""

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
    WORDS = "words"
    ROW = "history row"
    UNCOVERED = "uncovered rows"
    PUBLICATION = "publication"
    DAILY_HEAD = "daily head"
    SAVED_HEAD = "saved head"
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
    RIGHTS = "rights"
    DESK_CARD = "story’s status"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is not as it was recorded; both values are shortened."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field} was {self.before}, is {self.after}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold. `sequence` is the entry's, None where no entry is to blame.

    `message` names table, key and fields and none of their words: it is kept, and told by mail. `changes` hold those,
    for the eyes of who runs the verification.
    """

    sequence: int | None
    kind: Kind
    message: str
    changes: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"Entry {self.sequence}: {self.message}" if self.sequence else self.message

    def with_values(self) -> str:
        """The sentence, and what the fields were and are."""
        return " ".join([str(self), *(f"{change}." for change in self.changes)])


def changed(field: str, before: Any, after: Any) -> Change:
    """What a field was and is, each cut to where they differ."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return Change(field, _shown(before), _shown(after))
    start = (
        sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        - _LEAD
    )
    start = start if start > _LEAD else 0
    return Change(field, _excerpt(before, start), _excerpt(after, start))


def _shown(value: Any) -> str:
    return _excerpt(value, 0) if isinstance(value, str) else str(value)[:_SHOWN]


def _excerpt(text: str, start: int) -> str:
    cut = text[start : start + _SHOWN]
    return f"“{'…' if start else ''}{cut}{'…' if len(text) > start + _SHOWN else ''}”"


def listed(numbers: Sequence[Any]) -> str:
    """The first few of several numbers, and how many more there are."""
    more = len(numbers) - _NAMED
    return ", ".join(map(str, numbers[:_NAMED])) + (f" and {more} more" if more > 0 else "")

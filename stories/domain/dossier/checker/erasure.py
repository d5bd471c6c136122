"""One erasure, as the ledger records it."""

from datetime import datetime
from typing import Any

from stories.domain.dossier.checker.canonical import int_or_none
from stories.domain.dossier.checker.formats import Row

# By how many seconds the clocks of a newsroom's servers may differ.
CLOCKS_APART = 300


def person(payload: "Row | None") -> "tuple[int | None, str]":
    """Return the number and the name of the person in an entry."""
    by = payload.get("by") if payload else None
    number, name = by if isinstance(by, list) and len(by) == 2 else (None, "")
    return int_or_none(number), str(name)


def time_of(payload: Row) -> datetime:
    return datetime.strptime(payload["at"].replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z")


def is_dated_before(one: Row, other: Row) -> bool:
    """Return whether an event is dated before another, by more than the clocks of two servers may differ."""
    try:
        return (time_of(other) - time_of(one)).total_seconds() > CLOCKS_APART
    except (AttributeError, KeyError, ValueError):
        return True


class Erasure:
    """An erasure as the ledger records it. `refused` says why it explains nothing, "" if it does explain its rows."""

    def __init__(self, payload: Row) -> None:
        self.sequence: int = payload["sequence"]
        self.day = str(payload["at"])[:10]
        self.rows: list[list[Any]] = payload["erased"]
        self.number = payload.get("order")
        self.order: Row | None = None
        self.approval: Row | None = None
        self.scope = "draft" if self.number is None else ""
        # How many days before the erasure a draft was last changed.
        self.days = 0
        self.refused = ""
        # The rows whose remaining words an older copy proves, and what does not match the older copies.
        self.proved: set[tuple[str, int]] = set()
        self.faults: list[str] = []

    @property
    def ordered_by(self) -> str:
        return person(self.order)[1]

    @property
    def approved_by(self) -> str:
        return person(self.approval)[1]

    def erases_all(self, table: str) -> bool:
        """Return whether it leaves no word of a row of this table."""
        return self.scope in ("story", "draft") or (self.scope == "version" and table != "publicationcard")

    def is_own_order(self, table: str, number: int) -> bool:
        return table == "erasureorder" and number == self.number

    @property
    def rows_left(self) -> "set[tuple[str, int]]":
        """The rows in which words remain around those that it erased."""
        rows = {(row[0], row[1]) for row in self.rows}
        return {row for row in rows if not (self.erases_all(row[0]) or self.is_own_order(*row))}

    @property
    def around(self) -> int:
        """The number of rows in which the remaining words can't be proved."""
        return len(self.rows_left - self.proved)

    @property
    def around_proved(self) -> int:
        """The number of rows in which an older copy proves the remaining words."""
        return len(self.rows_left & self.proved)

    def describe(self) -> str:
        by = (
            f"ordered by {self.ordered_by}, approved by {self.approved_by}"
            if self.order
            else f"by the rule for drafts that were never published, {self.days} days after the last change"
        )
        count = len(self.rows)
        reads = (
            "1 row reads otherwise than it was"
            if count == 1
            else f"{count} rows read otherwise than they were"
        )
        return (
            f"{reads} written, by erasure {self.sequence} of {self.day}, {by}"
            + (": " if self.rows else "")
            + ", ".join(f"{row[0]} {row[1]}" for row in self.rows)
        )

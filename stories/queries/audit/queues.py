"""What the auditors' queues share: a page of events to review, and whether each is signed off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from stories.models import SignOff
from stories.models.record.revisions import Journal
from stories.queries.ledger.lines import entries_of

PAGE_LENGTH: Final = 50
# How many rows are read for one page of a queue that few of them belong to.
WINDOW: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An entry in a queue, by its sequence, with what the queue displays of it."""

    sequence: int
    facts: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of a queue; `following` is where the next one begins, None at the end.

    `looked_back` says that it ended because enough rows were read, not because enough were found.
    """

    lines: list[Queued] = field(default_factory=list)
    following: int | None = None
    looked_back: bool = False


def signed_off(kind: str, *, event: str = "pk") -> Exists:
    """Return whether the entry of a row's event is signed off; `event` is the row's column that names the event."""
    return Exists(SignOff.objects.filter(entry__kind=kind, entry__event_id=OuterRef(event)))


def queued(found: Iterable[tuple[Journal, Any]]) -> list[Queued]:
    """Return events, with what to display of them, as queue entries. One query."""
    events = list(found)
    sequences = entries_of([event for event, _ in events])
    return [
        Queued(sequence=sequences[str(event.entry_kind), event.pk], facts=facts)
        for event, facts in events
        if (str(event.entry_kind), event.pk) in sequences
    ]


def one_page(rows: QuerySet[Any]) -> tuple[list[Any], int | None]:
    """Return the rows of one page, and the number of the last if there are more, None if not. One query."""
    found = list(rows[: PAGE_LENGTH + 1])
    on_page = found[:PAGE_LENGTH]
    return on_page, on_page[-1].pk if len(found) > PAGE_LENGTH else None


def page_of_rows(rows: Sequence[Any], *, start: int) -> tuple[Sequence[Any], int | None, bool]:
    """Return one page of rows, newest first by number, from a window that began below `start`.

    Returns the rows of the page, where the next one begins, and whether it ended because enough rows were read.
    """
    if len(rows) > PAGE_LENGTH:
        return rows[:PAGE_LENGTH], rows[PAGE_LENGTH - 1].pk, False
    end = start - WINDOW if start > WINDOW else None
    return rows, end, end is not None


def newest_number(model: Any, before: int | None) -> int | None:
    """Return the number below which a window begins: `before`, or that after the newest row. One query at most."""
    if before is not None:
        return before
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest + 1 if newest is not None else None

"""What went live without a note: the weightiest class first, of each the largest changes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from stories.models import LedgerEntry, Publication
from stories.models.ledger import UNANNOUNCED
from stories.queries.ledger_lines import payload_of
from stories.queries.ledger_search import END, Sql, rows_of
from stories.queries.queues import PAGE_LENGTH, Queued, QueuePage

_AMONG: Final = ", ".join(f"'{name}'" for name in UNANNOUNCED)
_UNSIGNED: Final = (
    "AND NOT EXISTS (SELECT 1 FROM stories_signoff sign_off WHERE sign_off.entry_id = entry.sequence)"
)


def unannounced(*, at: datetime, after: int | None = None, unsigned: bool = False) -> QueuePage:
    """Publications that went live without a note; those of imports are left out.

    `after` is the entry that the page before ended with; `unsigned` leaves out what is signed off. What was
    cancelled, and what is still to go live, is left out, so that a page may be shorter. Each with its Publication.
    Three queries.
    """
    size, sequence, first = 32_767, END, 0
    place = LedgerEntry.objects.filter(sequence=after or 0, publication_class__in=UNANNOUNCED).first()
    if place is not None:
        size, sequence = place.size, place.sequence
        first = UNANNOUNCED.index(place.publication_class)
    parts = [
        _of_class(rank, size if rank == first else 32_767, sequence if rank == first else END, unsigned)
        for rank in range(first, len(UNANNOUNCED))
    ]
    each = " UNION ALL ".join(f"SELECT * FROM ({part.text}) part_{n}" for n, part in enumerate(parts))  # noqa: S608
    values = [value for part in parts for value in part.values]
    order = "ORDER BY weight, size DESC, sequence DESC LIMIT %s"
    found = [row[2] for row in rows_of(Sql(f"{each} {order}", [*values, PAGE_LENGTH + 1]))]
    return QueuePage(
        lines=_live(found[:PAGE_LENGTH], at),
        following=found[PAGE_LENGTH - 1] if len(found) > PAGE_LENGTH else None,
    )


def _of_class(rank: int, size: int, sequence: int, unsigned: bool) -> Sql:
    # The condition is repeated as the index has it: SQLite uses a partial index for those words alone.
    return Sql(
        f"SELECT {rank} AS weight, size, sequence FROM stories_ledgerentry entry"  # noqa: S608 - our own SQL
        f" WHERE publication_class IN ({_AMONG}) AND publication_class = '{UNANNOUNCED[rank]}'"
        f" AND (size, sequence) < (%s, %s) {_UNSIGNED if unsigned else ''}"
        " ORDER BY size DESC, sequence DESC LIMIT %s",
        [size, sequence, PAGE_LENGTH + 1],
    )


def _live(sequences: list[int], at: datetime) -> list[Queued]:
    """The entries of what has gone live, in their order. Two queries."""
    events = {
        payload_of(entry).get("event"): entry.sequence
        for entry in LedgerEntry.objects.filter(sequence__in=sequences)
    }
    live = Publication.objects.live(at=at).filter(pk__in=list(events)).select_related("card")
    found = {events[each.pk]: Queued(sequence=events[each.pk], facts=each) for each in live}
    return [found[sequence] for sequence in sequences if sequence in found]

"""Find what went live without a note: the most serious class first, in each class the largest changes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from stories.models import LedgerEntry, Publication
from stories.models.record.ledger import UNANNOUNCED
from stories.queries.audit.queues import PAGE_LENGTH, Queued, QueuePage
from stories.queries.ledger.filters import END, Sql, rows_of

# Only imports that added a version without a note to an already public story.
_IMPORTED: Final = "imported"
# An archive may class a version as noted without a note.
_CLASSES_WITHOUT_NOTE: Final = f"('{_IMPORTED}', 'noted')"
_CLASSES: Final = (UNANNOUNCED[0], _IMPORTED, *UNANNOUNCED[1:])
_AMONG: Final = ", ".join(f"'{name}'" for name in UNANNOUNCED)
_UNSIGNED: Final = (
    "AND NOT EXISTS (SELECT 1 FROM stories_signoff sign_off WHERE sign_off.entry_id = entry.sequence)"
)


def unannounced(*, at: datetime, after: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return publications that went live without a note; of imports those that changed an already public story.

    `after` is the last entry of the previous page; `unsigned` leaves out what is signed off. Cancelled and scheduled
    publications are left out, so a page may be shorter. Each comes with its Publication. Three queries.
    """
    size, sequence, first = 32_767, END, 0
    place = LedgerEntry.objects.filter(
        sequence=after or 0, publication_class__in=(*_CLASSES, "noted")
    ).first()
    if place is not None:
        size, sequence = place.size, place.sequence
        first = _CLASSES.index(
            place.publication_class if place.publication_class in UNANNOUNCED else _IMPORTED
        )
    parts = [
        _of_class(rank, size if rank == first else 32_767, sequence if rank == first else END, unsigned)
        for rank in range(first, len(_CLASSES))
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
    if _CLASSES[rank] == _IMPORTED:
        return _imported(rank, size, sequence, unsigned)
    # The condition is repeated as in the index: SQLite uses a partial index only for the same condition.
    return Sql(
        f"SELECT {rank} AS weight, size, sequence FROM stories_ledgerentry entry"  # noqa: S608 - our own SQL
        f" WHERE publication_class IN ({_AMONG}) AND publication_class = '{_CLASSES[rank]}'"
        f" AND (size, sequence) < (%s, %s) {_UNSIGNED if unsigned else ''}"
        " ORDER BY size DESC, sequence DESC LIMIT %s",
        [size, sequence, PAGE_LENGTH + 1],
    )


def _imported(rank: int, size: int, sequence: int, unsigned: bool) -> Sql:
    """Return the SQL for versions without a note that a later import added and that change something.

    It starts from the imports: there is one per story, and few more.
    """
    return Sql(
        f"SELECT {rank} AS weight, entry.size, entry.sequence FROM stories_importedstory later"  # noqa: S608 - our own SQL
        " JOIN stories_publication added ON added.article_id = later.article_id"
        f" AND added.recorded_at = later.recorded_at AND added.publication_class IN {_CLASSES_WITHOUT_NOTE}"
        " JOIN stories_publicationcard card ON card.publication_id = added.id AND card.significance <> 'none'"
        " JOIN stories_ledgerentry entry ON entry.kind = 'publication' AND entry.event_id = added.id"
        " WHERE EXISTS (SELECT 1 FROM stories_importedstory earlier"
        " WHERE earlier.article_id = later.article_id AND earlier.id < later.id)"
        " AND NOT EXISTS (SELECT 1 FROM stories_publishednote note WHERE note.publication_id = added.id)"
        f" AND (entry.size, entry.sequence) < (%s, %s) {_UNSIGNED if unsigned else ''}"
        " ORDER BY entry.size DESC, entry.sequence DESC LIMIT %s",
        [size, sequence, PAGE_LENGTH + 1],
    )


def _live(sequences: list[int], at: datetime) -> list[Queued]:
    """Return the entries of publications that have gone live, in their order. Two queries."""
    entries = LedgerEntry.objects.filter(sequence__in=sequences)
    events = dict(entries.values_list("event_id", "sequence"))
    live = Publication.objects.live(at=at).filter(pk__in=list(events)).select_related("card")
    found = {events[each.pk]: Queued(sequence=events[each.pk], facts=each) for each in live}
    return [found[sequence] for sequence in sequences if sequence in found]

"""The rows that a story's ledger entries cover, each with the salt for its digest."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from stories.domain.dossier.dossier import json_value
from stories.models import LedgerEntry, Publication
from stories.models.integrity.canonical import FORMS
from stories.models.integrity.registry import HISTORIES, JOURNALS

CHUNK: Final = 50


def covered_rows(article_id: int, *, upto: int) -> Iterator[dict[str, Any]]:
    """Yield every row of every entry up to one, in the ledger's order, without rows that are gone.

    The checker reports a missing row. A few queries for each chunk of entries, of which one is in memory at a time.
    """
    entries = LedgerEntry.objects.filter(article=article_id, sequence__lte=upto).order_by("sequence")
    after = 0
    while chunk := list(entries.filter(sequence__gt=after)[:CHUNK]):
        yield from _rows_of(chunk)
        after = chunk[-1].sequence


def _rows_of(entries: list[LedgerEntry]) -> Iterator[dict[str, Any]]:
    payloads = [json.loads(entry.payload) for entry in entries]
    history_numbers: dict[str, list[int]] = defaultdict(list)
    events: dict[str, list[int]] = defaultdict(list)
    for payload in payloads:
        events[payload["kind"]].append(payload["event"])
        for model, _key, _change, number, _digest in payload.get("rows", ()):
            history_numbers[model].append(number)
    history = {model: HISTORIES[model].objects.in_bulk(numbers) for model, numbers in history_numbers.items()}
    journals = {kind: _journal(kind, numbers) for kind, numbers in events.items()}
    for payload in payloads:
        form = FORMS[payload["form"]]
        for model, _key, _change, number, _digest in payload.get("rows", ()):
            row = history[model].get(number)
            if row is not None:
                yield _row_entry(payload, model, number, row, form[model])
        event = journals[payload["kind"]].get(payload["event"])
        if event is not None:
            table = str(event._meta.model_name)
            yield _row_entry(payload, payload["kind"], event.pk, event, form[table]) | {"table": table}
            if isinstance(event, Publication):
                yield from _listing_entries(payload, event, form)


def _journal(kind: str, numbers: list[int]) -> dict[int, Any]:
    rows: Any = JOURNALS[kind]._base_manager.filter(pk__in=numbers)
    if JOURNALS[kind] is Publication:
        rows = rows.select_related("card").prefetch_related("notes", "pictures")
    return {row.pk: row for row in rows}


def _row_entry(payload: dict[str, Any], model: str, number: int, row: Any, columns: Any) -> dict[str, Any]:
    return {
        "entry": payload["sequence"],
        "model": model,
        "number": number,
        "salt": bytes(row.salt).hex(),
        "values": {name: json_value(getattr(row, name)) for name in columns},
    }


def _listing_entries(payload: dict[str, Any], publication: Any, form: Any) -> Iterator[dict[str, Any]]:
    """Yield what lists show of a publication, for the one digest that its entry has of it."""
    card = getattr(publication, "card", None)
    if card is None:
        return
    yield {
        "entry": payload["sequence"],
        "model": "shown",
        "number": publication.pk,
        "salt": bytes(card.salt).hex(),
        "values": {
            "card": {name: json_value(getattr(card, name)) for name in form["publicationcard"]},
            "notes": [
                {name: json_value(getattr(note, name)) for name in form["publishednote"]}
                for note in sorted(publication.notes.all(), key=lambda note: int(note.pk))
            ],
            "pictures": sorted(picture.picture_id for picture in publication.pictures.all()),
        },
    }

"""Check each entry against its payload, its event's row and the history rows that it covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from stories.domain.ledger import canonical_time, columns
from stories.models import EntryKind, LedgerEntry, Publication
from stories.models.integrity.canonical import FORMS, history_digest, listing_digest, text_digest, texts_of
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.models.record.revisions import Journal
from stories.queries.verification.findings import UNREADABLE, Finding, Kind, changed
from stories.queries.verification.ledger.erasures import (
    belongs_to_entry,
    card_is_as_erasure_left_it,
    is_as_erasure_left_it,
)
from stories.queries.verification.ledger.rows import Chunk, Payload


def check_entry(entry: LedgerEntry, payload: Payload, chunk: Chunk) -> Iterator[Finding]:
    """Find what is wrong with one entry, except its place in the chain. No query."""
    if payload["form"] not in FORMS:
        yield Finding(entry.sequence, Kind.PAYLOAD, f"it names a form {payload['form']} that there is not.")
        return
    yield from _check_columns(entry, payload)
    yield from _check_event(entry, payload, chunk)
    yield from _check_erasure(entry, payload, chunk)
    yield from _check_rows(entry, payload, chunk)


def _check_erasure(entry: LedgerEntry, payload: Payload, chunk: Chunk) -> Iterator[Finding]:
    """Find an erasure that does not explain its rows; those rows are reported with the entries that cover them."""
    if payload["kind"] != EntryKind.ERASURE:
        return
    erasures = chunk.erasures_of(payload)
    done = erasures.done.get(entry.sequence) if erasures else None
    refused = done.refused if done else "its entry is not that of a story"
    if refused:
        yield Finding(entry.sequence, Kind.ERASURE, f"its erasure explains nothing: {refused}.")
    for fault in done.faults if done else ():
        yield Finding(entry.sequence, Kind.OLDER_COPY, f"{fault}.")


def _check_columns(entry: LedgerEntry, payload: Payload) -> Iterator[Finding]:
    try:
        repeated = columns(payload)
    except (*UNREADABLE, LookupError):
        yield Finding(
            entry.sequence, Kind.PAYLOAD, "its payload does not say what an entry's columns repeat."
        )
        return
    for name, expected in repeated.items():
        value = getattr(entry, name)
        value = canonical_time(value) if name == "recorded_at" else value
        if value != expected:
            yield Finding(
                entry.sequence,
                Kind.COLUMN,
                f"its column {name} in stories_ledgerentry is not what its payload says.",
                (changed(name, expected, value),),
            )


def _check_event(entry: LedgerEntry, payload: Payload, chunk: Chunk) -> Iterator[Finding]:
    kind, table = payload["kind"], JOURNALS[payload["kind"]]._meta.db_table
    event = chunk.events.get((kind, payload["event"]))
    if event is None:
        yield Finding(
            entry.sequence,
            Kind.EVENT,
            f"the {kind} that it records (row {payload['event']} of {table}) is not there, or no longer reads "
            "as one.",
        )
        return
    where = f"its {kind} (row {event.pk} of {table})"
    facts = [
        changed(name, payload.get(name), value)
        for name, value in event.event().items()
        if payload.get(name) != value
    ]
    if facts:
        names = ", ".join(fact.field for fact in facts)
        yield Finding(entry.sequence, Kind.EVENT, f"{where} is not what was written: {names}.", tuple(facts))
    yield from _check_words(entry, payload, event, chunk)
    if isinstance(event, Publication):
        yield from _check_shown(entry, payload, event, chunk)


def _check_words(entry: LedgerEntry, payload: Payload, event: Journal, chunk: Chunk) -> Iterator[Finding]:
    model = str(event._meta.model_name)
    now = text_digest(event, form=payload["form"])
    explained = chunk.explains(payload, model, event.pk, payload["said"], now)
    if not (explained and is_as_erasure_left_it(chunk.erasures_of(payload), model, event, payload["form"])):
        yield Finding(
            entry.sequence,
            Kind.WORDS,
            f"what its {payload['kind']} (row {event.pk} of {event._meta.db_table}) says in words is not what was "
            "written.",
        )
    elif chunk.texts.get(entry.sequence, "") != "\n".join(filter(None, texts_of(event))):
        yield Finding(
            entry.sequence,
            Kind.WORDS,
            "its words in stories_entrytext, which auditors search, are not those of its event.",
        )


def _check_shown(entry: LedgerEntry, payload: Payload, publication: Any, chunk: Chunk) -> Iterator[Finding]:
    """Check a publication's own rows, and that everything it refers to is of its story."""
    named = f"publication (row {publication.pk} of stories_publication)"
    # A missing revision is reported with its own entry.
    if publication.story_of_revision not in (None, publication.article_id):
        yield Finding(entry.sequence, Kind.PUBLICATION, f"its {named} is of a revision of another story.")
    if publication.story_of_address != publication.article_id:
        what = "not there" if publication.story_of_address is None else "another story's"
        yield Finding(
            entry.sequence, Kind.ADDRESS, f"the address (in stories_storyaddress) of its {named} is {what}."
        )
    try:
        card = publication.card
    except ObjectDoesNotExist:
        yield Finding(
            entry.sequence,
            Kind.PUBLICATION,
            f"the card (in stories_publicationcard) of its {named} is not there.",
        )
        return
    notes, pictures = chunk.notes.get(publication.pk, ()), chunk.pictures.get(publication.pk, ())
    now = listing_digest(card, notes, pictures, form=payload["form"])
    explained = chunk.explains(payload, "publicationcard", publication.pk, str(payload.get("shown")), now)
    if not (
        explained and card_is_as_erasure_left_it(chunk.erasures_of(payload), publication, payload["form"])
    ):
        yield Finding(
            entry.sequence,
            Kind.PUBLICATION,
            f"what lists show of its {named} is not what was written: its card (in stories_publicationcard), its notes "
            "(in stories_publishednote) or its pictures (in stories_publishedpicture).",
        )
    elif [card.words_added, card.words_removed] != payload.get("words"):
        yield Finding(
            entry.sequence,
            Kind.PUBLICATION,
            f"how many words its {named} brought and took is not what was written.",
        )


def _check_rows(entry: LedgerEntry, payload: Payload, chunk: Chunk) -> Iterator[Finding]:
    erasures = chunk.erasures_of(payload)
    for model, key, change, history_id, digest in payload.get("rows", ()):
        row: Any = chunk.histories[model].get(history_id)
        where = f"the history of {model} {key} (row {history_id} of {HISTORIES[model]._meta.db_table})"
        if row is None:
            yield Finding(entry.sequence, Kind.ROW, f"{where} is not there, or no longer reads as a row.")
        elif not chunk.explains(
            payload, model, history_id, digest, history_digest(row, form=payload["form"])
        ):
            yield Finding(entry.sequence, Kind.ROW, f"{where} is not what was written.")
        elif not is_as_erasure_left_it(erasures, model, row, payload["form"]):
            yield Finding(
                entry.sequence,
                Kind.ROW,
                f"{where} is not what was written, and reads otherwise than an erasure leaves it.",
            )
        elif row.history_type != change or row.revision != payload.get("revision"):
            yield Finding(entry.sequence, Kind.ROW, f"{where} is not of the revision that the entry records.")
        elif not belongs_to_entry(erasures, row, key, payload):
            yield Finding(
                entry.sequence, Kind.ROW, f"{where} was erased in part, and is another than its entry says."
            )

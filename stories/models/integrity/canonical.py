"""The canonical form of a row: which columns its digest covers, and in which order.

For a tracked model that is every column of its history; for a journal only the text that people wrote, as the entry's
payload has the other columns.

An entry names the form that it was written in. A migration that adds a column adds a form; entries written before keep
theirs, so no digest ever changes. A test compares the newest form with the models.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from stories.domain.ledger import canonical_json, row_digest
from stories.models.publications import PublicationCard, PublishedNote, PublishedPicture
from stories.models.record.recording import HistoryRow
from stories.models.record.revisions import Journal

_PART = ("id", "parent_id", "key", "ordering")
_BLOCK = (*_PART, "region")
_HISTORY = ("history_id", "history_date", "history_type", "revision")

CURRENT_FORM: Final = 1

FORMS: Final[dict[int, dict[str, tuple[str, ...]]]] = {
    1: {
        "article": (
            "id",
            "kind",
            "headline",
            "dek",
            "slug",
            "section_id",
            "section_name",
            "language",
            "dateline",
            "disclosure",
            *_HISTORY,
        ),
        "byline": (*_PART, "author_id", "credited_as", *_HISTORY),
        "textblock": (*_BLOCK, "text", *_HISTORY),
        "quoteblock": (
            *_BLOCK,
            "text",
            "speaker",
            "speaker_title",
            "source",
            "source_url",
            "said_on",
            "anonymous",
            "description",
            "anonymity_reason",
            *_HISTORY,
        ),
        "imageblock": (
            *_BLOCK,
            "picture_id",
            "width",
            "height",
            "address",
            "alt_text",
            "caption",
            "credit",
            *_HISTORY,
        ),
        "embedblock": (*_BLOCK, "address", "title", "description", *_HISTORY),
        "commentrequest": (
            *_PART,
            "party",
            "status",
            "requested_at",
            "responded_at",
            "asked_how",
            "shown",
            "sentence",
            *_HISTORY,
        ),
        "updatenote": (*_PART, "kind", "text", "was", "now", "amends", *_HISTORY),
        "publicationcard": (
            "kind",
            "headline",
            "dek",
            "section",
            "section_name",
            "language",
            "bylines",
            "words_added",
            "words_removed",
            "significance",
        ),
        "publishednote": ("key", "kind", "text", "was", "now", "amends"),
        "publishedpicture": ("picture_id",),
        "revision": ("reason", "attention"),
        "publication": ("reason", "source"),
        "cancellation": ("reason",),
        "embargo": ("reason",),
        "developingmode": ("reason",),
        "withdrawal": ("notice", "reason"),
        "discard": ("reason",),
        "assignment": ("reason",),
        "reviewrequest": ("reason",),
        "importedstory": ("reason",),
        "withholding": ("words", "notice", "reason"),
        "withholdingdecision": ("reason",),
        "erasureorder": ("words", "authority", "notice", "reason"),
        "erasureapproval": ("reason",),
        "erasure": ("reason",),
        "question": ("reason",),
        "answer": ("reason",),
        "signoff": ("reason",),
        "dossierorder": ("reason",),
        "dossierapproval": ("reason",),
        "dossierdownload": ("reason",),
        "auditaccess": ("reason",),
        "rightschange": ("reason",),
        "secondpersoncheck": ("reason",),
        "namechange": ("before", "name", "reason"),
        "profilechange": ("reason",),
        "restoration": ("reason",),
    },
}


def listing_digest(
    card: PublicationCard,
    notes: Iterable[PublishedNote],
    pictures: Iterable[PublishedPicture],
    *,
    form: int = CURRENT_FORM,
) -> str:
    """Return the digest in hex of what lists show of a publication: its card, notes and pictures together."""
    columns = FORMS[form]
    listing = {
        "card": [getattr(card, name) for name in columns["publicationcard"]],
        "notes": [
            [_plain(getattr(note, name)) for name in columns["publishednote"]]
            for note in sorted(notes, key=lambda note: note.pk)
        ],
        "pictures": sorted(picture.picture_id for picture in pictures),
    }
    return row_digest(bytes(card.salt), "publication", [canonical_json(listing).decode()])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def history_digest(row: HistoryRow, *, form: int = CURRENT_FORM) -> str:
    """Return the digest in hex of a history row, in a form by its number."""
    model = row.instance_type._meta.model_name  # type: ignore[attr-defined]
    values = [getattr(row, column) for column in FORMS[form][model]]
    return row_digest(bytes(row.salt), model, values)


def text_digest(event: Journal, *, form: int = CURRENT_FORM) -> str:
    """Return the digest in hex of an event's text."""
    model = str(event._meta.model_name)
    return row_digest(bytes(event.salt), model, [getattr(event, column) for column in FORMS[form][model]])


def texts_of(event: Journal) -> list[str]:
    """Return the texts of an event."""
    return [getattr(event, name) for name in FORMS[CURRENT_FORM][str(event._meta.model_name)]]

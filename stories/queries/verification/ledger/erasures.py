"""What erasures explain: which rows may differ from what was written, by whose order, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import inf
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, ngettext

from stories.domain import snapshot as domain
from stories.domain.dossier.checker.erasure import Erasure
from stories.domain.dossier.checker.erasures import Erasures
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.ledger import canonical_time
from stories.models import EntryKind, ErasureOrder, ErasureScope, LedgerEntry, Publication
from stories.models.blocks import ImageBlock
from stories.models.integrity.canonical import FORMS
from stories.models.integrity.registry import JOURNALS, history_model
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification.findings import UNREADABLE
from stories.queries.verification.ledger.older_copies import compare_with_copies, values_of
from stories.queries.verification.ledger.payloads import parsed

Payload = dict[str, Any]

_DECIDING = (EntryKind.ERASURE_ORDER, EntryKind.ERASURE_APPROVAL)


@dataclass(frozen=True, slots=True)
class ExternalEvidence:
    """What a verification knows from outside the database: the time, and older copies."""

    at: datetime
    older: Sequence[OlderCopy] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureFound:
    """An erasure as a verification lists it: how many `rows` differ, and in how many (`around`) other words remain.

    The words around erased ones can be proved only by an older copy: `proved` counts the rows with such a proof.
    `ordered_by` and `approved_by` are "" under the rule for drafts; `holds` is whether it explains its rows.
    """

    sequence: int
    day: str
    rows: int
    around: int
    # Runs stored before there were older copies have no such count.
    proved: int = 0
    ordered_by: str
    approved_by: str
    holds: bool

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data, for a stored run."""
        return asdict(self)

    def sentence(self) -> str:
        """Return it as a sentence."""
        values = {name: str(value) for name, value in asdict(self).items()}
        read = ngettext(
            "%(rows)s row reads otherwise than it was written, by erasure %(sequence)s of %(day)s",
            "%(rows)s rows read otherwise than they were written, by erasure %(sequence)s of %(day)s",
            self.rows,
        )
        if not self.holds:
            by = _("which explains nothing: see what was found of entry %(sequence)s.")
        elif self.approved_by:
            by = _("ordered by %(ordered_by)s, approved by %(approved_by)s.")
        else:
            by = _("by the rule for drafts that were never published.")
        sentence = f"{read}, {by}"
        if self.proved:
            sentence += " " + ngettext(
                "In %(proved)s of them the words around what was erased are proved by an older copy.",
                "In %(proved)s of them the words around what was erased are proved by an older copy.",
                self.proved,
            )
        if self.around:
            sentence += " " + ngettext(
                "In %(around)s of them the words around what was erased can’t be proved.",
                "In %(around)s of them the words around what was erased can’t be proved.",
                self.around,
            )
        return sentence % values


def erasures_of(article: int, outside: ExternalEvidence) -> Erasures:
    """Return what the erasures of a story explain, by its entries, and what older copies prove of it.

    By the setting and the clock, no draft may be erased before its time. One query for its entries, two for its orders
    and approvals, one more for an erased picture, and for each erased row that an older copy has.
    """
    days = settings.KEEP_DRAFTS
    erasures = Erasures(_payloads_of(article), least_days=inf if days is None else days, now=outside.at)
    for erasure in erasures.done.values():
        if not erasure.refused and erasure.scope == "picture" and not _had_picture(article, erasure):
            erasure.refused = "its order is of a picture that this story never showed"
    compare_with_copies(outside.older, article, erasures)
    return erasures


def erased_pictures(digests: Sequence[str], outside: ExternalEvidence) -> set[str]:
    """Return those of some pictures that a valid erasure erased, according to the ledger and not just a row."""
    orders = ErasureOrder.objects.filter(scope=ErasureScope.PICTURE, picture__in=digests)
    erased: set[str] = set()
    for article in set(orders.order_by().values_list("article_id", flat=True)):
        for done in erasures_of(article, outside).done.values():
            if done.order is not None and done.scope == "picture" and not done.refused:
                erased.add(str(done.order.get("picture")))
    return erased


def listed_erasure(erasures: Erasures | None, payload: Payload) -> ErasureFound:
    """Return the listing of the erasure that an entry records."""
    done = erasures.done.get(payload["sequence"]) if erasures else None
    done = done or Erasure(payload)
    return ErasureFound(
        sequence=done.sequence,
        day=done.day,
        rows=len(done.rows),
        around=done.around,
        proved=done.around_proved,
        ordered_by=done.ordered_by,
        approved_by=done.approved_by,
        holds=erasures is not None and done.sequence in erasures.done and not done.refused,
    )


def is_as_erasure_left_it(erasures: Erasures | None, table: str, row: Any, form: int) -> bool:
    """Return whether a row that may be erased has the replacements of erased words, and nothing else changed."""
    if erasures is None or not erasures.of_row(table, _number(row)):
        return True
    try:
        return erasures.reads_as_erased(table, _number(row), values_of(table, row, FORMS[form]))
    except UNREADABLE:
        return False


def card_is_as_erasure_left_it(erasures: Erasures | None, publication: Publication, form: int) -> bool:
    """Return whether the card of a version that may be erased says what its revision says now, and nothing else."""
    if erasures is None or not erasures.of_row("publicationcard", publication.pk):
        return True
    try:
        values = values_of("publicationcard", publication.card, FORMS[form])
        return erasures.reads_as_erased("publicationcard", publication.pk, values) and _card_matches_story(
            publication
        )
    except (*UNREADABLE, LookupError):
        return False


def belongs_to_entry(erasures: Erasures | None, row: Any, key: str, payload: Payload) -> bool:
    """Return whether a row that may be erased is of the part, the story and the time that its entry says."""
    if erasures is None or not erasures.of_row(str(row.instance_type._meta.model_name), _number(row)):
        return True
    named = (str(row.key), row.parent_id) if hasattr(row, "key") else (str(row.id), row.id)
    return named == (key, payload["article"]) and canonical_time(row.history_date) == payload["at"]


def _number(row: Any) -> int:
    """Return a row's number as erasures name it: its primary key, for a history row too."""
    return int(row.pk)


def _payloads_of(article: int) -> Iterator[Payload]:
    """Yield the payloads of a story's entries, without orders and approvals whose row is gone or differs."""
    decided: dict[tuple[str, int], Any] = {}
    for kind in _DECIDING:
        rows: Any = JOURNALS[kind]._base_manager.all()
        decided |= {(str(kind), row.pk): row for row in rows.filter(article=article)}
    entries = LedgerEntry.objects.filter(article=article).order_by("sequence")
    for sequence, payload in entries.values_list("sequence", "payload").iterator():
        data = parsed(payload)
        if data is None or data.get("sequence") != sequence or data.get("article") != article:
            continue
        if data["kind"] in _DECIDING:
            row = decided.get((data["kind"], data["event"]))
            if row is None or any(data.get(name) != value for name, value in row.event().items()):
                continue
        yield data


def _had_picture(article: int, erasure: Erasure) -> bool:
    images = history_model(ImageBlock)._base_manager.filter(parent_id=article)
    picture = (erasure.order or {}).get("picture")
    return isinstance(picture, str) and bool(images.filter(picture_id=picture).exists())


def _card_matches_story(publication: Publication) -> bool:
    assert publication.article_id is not None
    story, card = snapshot_at(publication.article_id, publication.revision.number), publication.card
    expected = [str(story.kind), story.headline, story.dek, story.section, story.section_name, story.language]
    listed = [card.kind, card.headline, card.dek, card.section, card.section_name, card.language]
    credited = [[byline.author, byline.credited_as] for byline in story.bylines]
    notes = {note.key: (note.text, note.was, note.now) for note in story.update_notes}
    pictures = {
        block.picture for block in story.blocks if isinstance(block, domain.ImageBlock) and block.picture
    }
    return (
        listed == expected
        and card.bylines == credited
        and {row.picture_id for row in publication.pictures.all()} == pictures
        and all(notes.get(row.key) == (row.text, row.was, row.now) for row in publication.notes.all())
    )

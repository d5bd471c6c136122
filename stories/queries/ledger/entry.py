"""One entry of the ledger in detail: its event, the rows that it covers and their state, related entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from stories.domain.ledger import GENESIS, entry_digest
from stories.models import Answer, LedgerEntry, Publication, PublicationCard, Question, Revision, Withholding
from stories.models.dossiers import DossierOrder
from stories.models.erasures import Erasure, ErasureOrder
from stories.models.integrity.canonical import FORMS, history_digest, listing_digest, text_digest
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.models.record.revisions import Journal
from stories.queries.ledger.lines import LedgerLine, entries_of, lines_of

# The facts of a payload that refer to another event; an "order" is one of the kind that the entry's own kind follows.
_REFERENCES: Final[dict[str, type[Journal]]] = {
    "revision_event": Revision,
    "base": Publication,
    "publication": Publication,
    "withholding": Withholding,
    "question": Question,
}
_ORDERS: Final[dict[str, type[Journal]]] = {
    "erasure-approval": ErasureOrder,
    "erasure": ErasureOrder,
    "dossier-approval": DossierOrder,
    "dossier-download": DossierOrder,
}
# Rows of one entry that a page lists; an import covers more.
MOST_ROWS: Final = 200
MOST_LINKS: Final = 50


class State(StrEnum):
    """Whether a row is what was written."""

    HOLDS = "holds"
    DIFFERS = "differs"
    MISSING = "missing"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredRow:
    """A row that an entry covers, as its payload names it, and its present State."""

    model: str
    key: str
    change: str
    number: int
    digest: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A related entry, with the name of the relation, for which a page has a label."""

    relation: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question on an entry, with its answers, oldest first."""

    question: Question
    answers: list[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetail:
    """An entry with everything that its page displays.

    `compared` are the numbers of the revisions to compare, None if it changed no words. `words_hold` is None if the
    event itself is gone; `listing_holds` is about what lists show of a publication, None for other events.
    `story_before` and `story_after` are the neighbours in its story, None at either end.
    """

    line: LedgerLine
    event: Journal | None
    digest: str
    digest_before: str
    chain_holds: bool
    words_hold: bool | None
    listing_holds: bool | None
    rows: list[CoveredRow]
    rows_left_out: int
    compared: tuple[int, int] | None
    links: list[Link]
    questions: list[AskedQuestion]
    story_before: int | None
    story_after: int | None


def entry_detail(sequence: int) -> EntryDetail | None:
    """Return an entry in detail, None if there is none.

    Some twenty queries and one a tracked model, however long the ledger.
    """
    line = next(iter(lines_of([sequence])), None)
    if line is None:
        return None
    entry, payload = line.entry, line.payload
    kind, form = payload.get("kind", ""), payload.get("form")
    event = JOURNALS[kind]._base_manager.filter(pk=payload["event"]).first() if kind in JOURNALS else None
    previous = LedgerEntry.objects.filter(sequence=sequence - 1).values_list("digest", flat=True).first()
    digest_before = bytes(previous) if previous is not None else GENESIS
    covered = payload.get("rows", [])
    asked = Question.objects.filter(entry=entry).prefetch_related("answers").order_by("pk")
    questions = [
        AskedQuestion(question=each, answers=sorted(each.answers.all(), key=lambda answer: int(answer.pk)))
        for each in asked
    ]
    return EntryDetail(
        line=line,
        event=event,
        digest=bytes(entry.digest).hex(),
        digest_before=digest_before.hex(),
        chain_holds=entry_digest(digest_before, entry.payload.encode()) == bytes(entry.digest),
        words_hold=form in FORMS and text_digest(event, form=form) == payload.get("said") if event else None,
        listing_holds=_listing_holds(event, payload),
        rows=_rows(covered[:MOST_ROWS], form, entry.article_id),
        rows_left_out=max(0, len(covered) - MOST_ROWS),
        compared=_compared(event, line.revision),
        links=_links(event, payload),
        questions=questions,
        story_before=_neighbour(entry, "-sequence", sequence__lt=sequence),
        story_after=_neighbour(entry, "sequence", sequence__gt=sequence),
    )


def _neighbour(entry: LedgerEntry, order: str, **where: int) -> int | None:
    """Return the first other entry of the entry's story in an order, None if there is none, or no story."""
    if entry.article_id is None:
        return None
    entries = LedgerEntry.objects.filter(article=entry.article_id, **where).order_by(order)
    return entries.values_list("sequence", flat=True).first()


def _listing_holds(event: Journal | None, payload: dict[str, Any]) -> bool | None:
    """Return whether card, notes and pictures of a publication are what was written. Three queries."""
    if not isinstance(event, Publication):
        return None
    card, form = PublicationCard.objects.filter(publication=event).first(), payload.get("form")
    if card is None or form not in FORMS:
        return False
    return listing_digest(card, event.notes.all(), event.pictures.all(), form=form) == payload.get("shown")


def _compared(event: Journal | None, revision: int) -> tuple[int, int] | None:
    if isinstance(event, Revision):
        return revision - 1, revision
    if isinstance(event, Publication):
        return event.base.revision.number if event.base else 0, revision
    return None


def _rows(covered: list[list[Any]], form: Any, article_id: int | None) -> list[CoveredRow]:
    """Return the rows with their state. One query for each tracked model among them, one for erasures."""
    numbers: dict[str, list[int]] = {}
    for model, _key, _change, number, _digest in covered:
        numbers.setdefault(model, []).append(number)
    stored = {
        (model, number): row
        for model, history_ids in numbers.items()
        if model in HISTORIES
        for number, row in HISTORIES[model].objects.in_bulk(history_ids).items()
    }
    erased = {
        (row[0], row[1]): str(row[3])
        for erasure in (Erasure.objects.filter(article=article_id).order_by("pk") if covered else ())
        for row in erasure.rows
        if len(row) >= 4
    }
    found = []
    for model, key, change, number, digest in covered:
        row = stored.get((model, number))
        now = history_digest(row, form=form) if row is not None and form in FORMS else None
        if now is None:
            state = State.MISSING
        elif now == digest:
            state = State.HOLDS
        else:
            state = State.ERASED if erased.get((model, number)) == now else State.DIFFERS
        found.append(
            CoveredRow(model=model, key=key, change=change, number=number, digest=digest, state=state)
        )
    return found


def _links(event: Journal | None, payload: dict[str, Any]) -> list[Link]:
    """Return the entries that led to an event, and those that followed from it."""
    if event is None:
        return []
    related: list[tuple[str, Journal]] = []
    order = _ORDERS.get(payload["kind"])
    for name, model in [*_REFERENCES.items(), *([("order", order)] if order else [])]:
        number = payload.get(name)
        found = model._base_manager.filter(pk=number).first() if number else None
        if found is not None:
            related.append((name, found))
    if isinstance(event, Revision):
        related += [("published", each) for each in event.publications.order_by("pk")[:MOST_LINKS]]
    if isinstance(event, Publication):
        cancelled = getattr(event, "cancellation", None)
        related += [("cancelled", cancelled)] if cancelled else []
        related += [("withheld", each) for each in event.withholdings.order_by("pk")[:MOST_LINKS]]
    if isinstance(event, Withholding):
        related += [("decided", each) for each in event.decisions.order_by("pk")[:MOST_LINKS]]
    if isinstance(event, Question):
        related += [("answered", each) for each in event.answers.order_by("pk")[:MOST_LINKS]]
    sequences = entries_of([each for _, each in related])
    links = [
        Link(relation=name, sequence=sequences[str(each.entry_kind), each.pk])
        for name, each in related
        if (str(each.entry_kind), each.pk) in sequences
    ]
    return links + ([Link(relation="about", sequence=payload["about"])] if payload.get("about") else [])

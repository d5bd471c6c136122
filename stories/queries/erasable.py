"""What an erasure would change, row after row: the page that asks for it counts what the command then does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.db.models import Max, Model, Q, QuerySet
from django.utils.translation import gettext as _

from stories.domain.withholding import Mask
from stories.models import (
    Article,
    ContactAttempt,
    DeskRecord,
    EntryKind,
    EntryText,
    Erasure,
    ErasureApproval,
    ErasureOrder,
    ErasureScope,
    Publication,
    PublicationCard,
    PublishedNote,
    Revision,
    SearchText,
    TermsDecision,
    VerificationRun,
)
from stories.models.recording import HistoryRow
from stories.models.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.queries.held_columns import without_any, without_words
from stories.queries.withheld import erased_words

AT_ONCE: Final = 200
# What stays of an erasure: its category, authority, notice and reason.
_TOMBSTONES: Final = (ErasureOrder, ErasureApproval, Erasure)
_TOMBSTONE_KINDS: Final = (EntryKind.ERASURE_ORDER, EntryKind.ERASURE_APPROVAL, EntryKind.ERASURE)


@dataclass(frozen=True, slots=True)
class Change:
    """A row, and what its columns read once the erasure is carried out."""

    row: Model
    values: dict[str, Any]


def changes_of_order(order: ErasureOrder) -> Iterator[Change]:
    """Every row that an order would change, but for the order itself. Streams; a fixed number of queries a model."""
    assert order.article_id is not None
    if order.scope == ErasureScope.WORDS:
        mask = Mask((order.words,), erased_words())
        rows = chain(_rows_of_story(order.article_id), VerificationRun.objects.order_by("pk").iterator())
        yield from _changes(rows, lambda row: without_words(row, mask))
    elif order.scope == ErasureScope.STORY:
        yield from changes_of_story(order.article_id)
    elif order.scope == ErasureScope.VERSION:
        assert order.publication is not None
        yield from _changes(_rows_of_version(order.publication), _emptied)


def changes_of_story(article_id: int) -> Iterator[Change]:
    """Every row that changes where all that a story says is erased; the orders to erase stay."""
    kept = EntryText.objects.filter(entry__article=article_id, entry__kind__in=_TOMBSTONE_KINDS)
    entries = set(kept.values_list("pk", flat=True))
    rows = (
        row
        for row in _rows_of_story(article_id)
        if not (isinstance(row, _TOMBSTONES) or (isinstance(row, EntryText) and row.pk in entries))
    )
    yield from _changes(rows, _emptied)


def counted(changes: Iterable[Change]) -> list[tuple[str, int]]:
    """How many rows of each kind change, by what the kind is called."""
    found = Counter(kind_of(change.row) for change in changes)
    return sorted(found.items())


def kind_of(row: Model) -> str:
    """What a kind of row is called, to who reads a list of them."""
    if isinstance(row, HistoryRow):
        named: Any = row.instance_type  # type: ignore[attr-defined]
        return _("history of %(rows)s") % {"rows": named._meta.verbose_name_plural}
    return str(row._meta.verbose_name_plural)


def _changes(rows: Iterable[Model], values_of: Callable[[Model], dict[str, Any]]) -> Iterator[Change]:
    for row in rows:
        values = values_of(row)
        if values:
            yield Change(row, values)


def _emptied(row: Model) -> dict[str, Any]:
    return without_any(row, erased_words())


def _rows_of_story(article_id: int) -> Iterator[Model]:
    """Every row that words of a story can stand in."""
    for model in TRACKED_MODELS:
        yield from _streamed(_of(history_model(model), model, article_id))
        yield from _streamed(model._base_manager.filter(**{_key(model, working=True): article_id}))
    for journal in JOURNAL_MODELS:
        # What becomes of people's rights is of no story.
        if journal.article_id is not None:
            yield from _streamed(journal._base_manager.filter(article=article_id))
    yield from _streamed(PublicationCard.objects.filter(publication__article=article_id))
    yield from _streamed(PublishedNote.objects.filter(publication__article=article_id))
    yield from _streamed(SearchText.objects.filter(publication__article=article_id))
    yield from _streamed(EntryText.objects.filter(entry__article=article_id))
    records = DeskRecord.objects.filter(article=article_id)
    attempts = ContactAttempt.objects.filter(record__in=records)
    yield from _streamed(records)
    yield from _streamed(attempts)
    yield from _streamed(TermsDecision.objects.filter(record__in=records))
    yield from _streamed(_log_of(article_id, records, attempts))


def _log_of(article_id: int, records: Any, attempts: Any) -> QuerySet[LogEntry]:
    """What Django's own log says of a story and of what the desk keeps beside it."""
    about = Q(content_type__model="article", object_id=str(article_id))
    for model, rows in (("deskrecord", records), ("contactattempt", attempts)):
        about |= Q(
            content_type__model=model, object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)]
        )
    return LogEntry.objects.filter(about, content_type__app_label="stories")


def _rows_of_version(publication: Publication) -> Iterator[Model]:
    """The rows that say what a version says and no other does: its own and its drafts' since the version before."""
    revisions = dict(
        Publication.objects.standing()
        .filter(article=publication.article_id)
        .order_by("live_from")
        .values_list("pk", "revision__number")
    )
    own = revisions[publication.pk]
    others = {number for pk, number in revisions.items() if pk != publication.pk}
    since = max((number for number in others if number < own), default=0)
    until = min((number for number in others if number > own), default=None)
    between = Q(revision__gt=since) & (Q(revision__lt=until) if until else Q())
    for model in TRACKED_MODELS:
        history = _of(history_model(model), model, publication.article_id)
        kept: set[int] = set()
        for number in others:
            newest = history.filter(revision__lte=number).order_by().values("id")
            kept.update(newest.annotate(newest=Max("history_id")).values_list("newest", flat=True))
        gone = [row for row in history.filter(between) if row.history_id not in kept]
        yield from gone
        latest = (
            history.order_by()
            .values("id")
            .annotate(newest=Max("history_id"))
            .values_list("newest", flat=True)
        )
        standing = {row.history_id: row.id for row in gone if row.history_type != "-"}
        working = [standing[number] for number in set(latest) & set(standing)]
        yield from model._base_manager.filter(pk__in=working)
    numbers = {"number__gt": since} | ({"number__lt": until} if until else {})
    drafts = Revision.objects.filter(article=publication.article_id, **numbers)
    yield from drafts
    yield publication
    yield from PublicationCard.objects.filter(publication=publication)
    yield from SearchText.objects.filter(publication=publication)
    carried = _carried_notes(publication, others)
    yield from (
        note for note in PublishedNote.objects.filter(publication=publication) if note.key not in carried
    )
    yield from EntryText.objects.filter(entry__in=_entries_of(publication, drafts))


def _carried_notes(publication: Publication, others: set[int]) -> set[Any]:
    """The keys of the notes that other versions show too."""
    keys: set[Any] = set()
    history: Any = next(history_model(model) for model in TRACKED_MODELS if model.__name__ == "UpdateNote")
    rows = history.objects.filter(parent_id=publication.article_id)
    for number in others:
        newest = rows.filter(revision__lte=number).order_by().values("id").annotate(newest=Max("history_id"))
        shown = rows.filter(history_id__in=newest.values("newest")).exclude(history_type="-")
        keys.update(shown.values_list("key", flat=True))
    return keys


def _entries_of(publication: Publication, drafts: Any) -> list[int]:
    """The ledger's entries of a version and of its drafts."""
    events = {("revision", number) for number in drafts.values_list("pk", flat=True)}
    events.add(("publication", publication.pk))
    entries = publication.article.ledger_entries.filter(kind__in=[kind for kind, _number in events])
    return [entry.pk for entry in entries if (entry.kind, json.loads(entry.payload)["event"]) in events]


def _of(history: Any, model: Any, article_id: int) -> Any:
    return history.objects.filter(**{_key(model): article_id}).order_by("history_id")


def _key(model: Any, *, working: bool = False) -> str:
    if model is Article:
        return "pk" if working else "id"
    return "parent" if working else "parent_id"


def _streamed(rows: Any) -> Iterator[Model]:
    yield from rows.order_by("pk").iterator(chunk_size=AT_ONCE)

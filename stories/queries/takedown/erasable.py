"""What an erasure would change, row by row: a page counts the same rows that the command then changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from stories.domain.text.mask import Mask
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
    PublicationCard,
    PublishedNote,
    SearchText,
    TermsDecision,
    VerificationRun,
)
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS
from stories.models.record.recording import HistoryRow
from stories.queries.publishing.withholdings import erased_words
from stories.queries.story.snapshots import history_of
from stories.queries.takedown.erasable_version import changes_of_version
from stories.queries.takedown.text_columns import RowChange, redact_all, redact_words

AT_ONCE: Final = 200
# What remains of an erasure: its category, authority, notice and reason.
_TOMBSTONES: Final = (ErasureOrder, ErasureApproval, Erasure)
_TOMBSTONE_KINDS: Final = (EntryKind.ERASURE_ORDER, EntryKind.ERASURE_APPROVAL, EntryKind.ERASURE)


def changes_of_order(order: ErasureOrder) -> Iterator[RowChange]:
    """Yield every row that an order would change, except the order itself.

    Streams; a fixed number of queries a model.
    """
    assert order.article_id is not None
    if order.scope == ErasureScope.WORDS:
        mask = Mask((order.words,), erased_words())
        rows = chain(_rows_of_story(order.article_id), VerificationRun.objects.order_by("pk").iterator())
        yield from _changes(rows, lambda row: redact_words(row, mask))
    elif order.scope == ErasureScope.STORY:
        yield from changes_of_story(order.article_id)
    elif order.scope == ErasureScope.VERSION:
        assert order.publication is not None
        yield from changes_of_version(order.publication, erased_words())


def changes_of_story(article_id: int) -> Iterator[RowChange]:
    """Yield every row that changes if all text of a story is erased; the orders to erase remain."""
    tombstones = EntryText.objects.filter(entry__article=article_id, entry__kind__in=_TOMBSTONE_KINDS)
    entries = set(tombstones.values_list("pk", flat=True))
    rows = (
        row
        for row in _rows_of_story(article_id)
        if not (isinstance(row, _TOMBSTONES) or (isinstance(row, EntryText) and row.pk in entries))
    )
    yield from _changes(rows, _redacted)


def counted(changes: Iterable[RowChange]) -> list[tuple[str, int]]:
    """Return how many rows of each kind change, by the kind's label."""
    found = Counter(kind_of(change.row) for change in changes)
    return sorted(found.items())


def kind_of(row: Model) -> str:
    """Return the label of a kind of row."""
    if isinstance(row, HistoryRow):
        named: Any = row.instance_type  # type: ignore[attr-defined]
        return _("history of %(rows)s") % {"rows": named._meta.verbose_name_plural}
    return str(row._meta.verbose_name_plural)


def _changes(rows: Iterable[Model], values_of: Callable[[Model], dict[str, Any]]) -> Iterator[RowChange]:
    for row in rows:
        values = values_of(row)
        if values:
            yield RowChange(row, values)


def _redacted(row: Model) -> dict[str, Any]:
    return redact_all(row, erased_words())


def _rows_of_story(article_id: int) -> Iterator[Model]:
    """Yield every row that may contain words of a story."""
    for model in TRACKED_MODELS:
        yield from _streamed(history_of(model, article_id))
        of = "pk" if model is Article else "parent"
        yield from _streamed(model._base_manager.filter(**{of: article_id}))
    journal: Any
    for journal in JOURNAL_MODELS:
        # A change of rights belongs to no story.
        if journal.article_id is not None:
            of_story: Any = journal._base_manager
            yield from _streamed(of_story.filter(article=article_id))
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
    """Return what Django's own log says of a story and its desk records."""
    about = Q(content_type__model="article", object_id=str(article_id))
    for model, rows in (("deskrecord", records), ("contactattempt", attempts)):
        about |= Q(
            content_type__model=model, object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)]
        )
    return LogEntry.objects.filter(about, content_type__app_label="stories")


def _streamed(rows: Any) -> Iterator[Model]:
    yield from rows.order_by("pk").iterator(chunk_size=AT_ONCE)

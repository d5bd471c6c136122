"""What an erasure of one version would change: the text of this version alone, with its drafts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Max, Model, Q

from stories.models import (
    Article,
    Byline,
    EntryText,
    Publication,
    PublicationCard,
    PublishedNote,
    Revision,
    UpdateNote,
)
from stories.models.integrity.registry import TRACKED_MODELS
from stories.models.record.recording import TrackedModel
from stories.queries.story.snapshots import history_of
from stories.queries.takedown.text_columns import RowChange, redact_all


def changes_of_version(publication: Publication, instead: str) -> Iterator[RowChange]:
    """Yield every row that says what only this version says, or its drafts since the previous version.

    `instead` replaces all their text. A few queries a tracked model and version.
    """
    span = _Span(publication)
    gone: dict[type[TrackedModel], set[int]] = {}
    for row in span.rows(gone):
        values = redact_all(row, instead)
        if values:
            yield RowChange(row, values)
    card = PublicationCard.objects.get(pk=publication.pk)
    values = _of_card(card, span, gone, instead)
    if values:
        yield RowChange(card, values)


class _Span:
    """The revisions between the previous and the next version, without those two."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        publications = Publication.objects.not_cancelled().filter(article=publication.article_id)
        numbers = dict(publications.values_list("pk", "revision__number"))
        self.own = numbers.pop(publication.pk)
        self.others = set(numbers.values())
        self.since = max((number for number in self.others if number < self.own), default=0)
        self.until = min((number for number in self.others if number > self.own), default=None)

    def within(self, name: str) -> Q:
        before = Q(**{f"{name}__lt": self.until}) if self.until is not None else Q()
        return Q(**{f"{name}__gt": self.since}) & before

    def rows(self, gone: dict[type[TrackedModel], set[int]]) -> Iterator[Model]:
        """Yield the rows except the card; store in `gone` the ids of the history rows of each model."""
        article = self.publication.article_id
        assert article is not None
        for model in TRACKED_MODELS:
            history = history_of(model, article)
            retained = {number for revision in self.others for number in _in_force(history, revision)}
            rows = [row for row in history.filter(self.within("revision")) if row.history_id not in retained]
            gone[model] = {row.history_id for row in rows}
            yield from rows
            newest = set(_in_force(history, None))
            working = [row.id for row in rows if row.history_id in newest and row.history_type != "-"]
            yield from model._base_manager.filter(pk__in=working)
        revisions = Revision.objects.filter(self.within("number"), article=article)
        yield from revisions
        yield self.publication
        carried = self._carried_notes(article)
        notes = PublishedNote.objects.filter(publication=self.publication)
        yield from (note for note in notes if note.key not in carried)
        events = {("revision", number) for number in revisions.values_list("pk", flat=True)}
        events.add(("publication", self.publication.pk))
        entries = self.publication.article.ledger_entries.filter(kind__in=["revision", "publication"])
        entry_ids = [each.pk for each in entries if (each.kind, each.event_id) in events]
        yield from EntryText.objects.filter(entry__in=entry_ids)

    def _carried_notes(self, article: int) -> set[Any]:
        """Return the keys of the notes that other versions contain too."""
        history = history_of(UpdateNote, article)
        history_ids = {number for revision in self.others for number in _in_force(history, revision)}
        return set(
            history.filter(history_id__in=history_ids).exclude(history_type="-").values_list("key", flat=True)
        )


def _of_card(
    card: PublicationCard, span: _Span, gone: dict[type[TrackedModel], set[int]], instead: str
) -> dict[str, Any]:
    """Return the changed columns of the version's card: lists must show what the version's rows say."""
    article = card.publication.article_id
    assert article is not None
    values = redact_all(card, instead)
    names = values.pop("bylines", [])
    if not gone[Article] & set(_in_force(history_of(Article, article), span.own)):
        values = {}
    credited = set(_in_force(history_of(Byline, article), span.own)) & gone[Byline]
    erased_authors = set(
        history_of(Byline, article).filter(history_id__in=credited).values_list("author_id", flat=True)
    )
    if erased_authors:
        erased = dict(names)
        values["bylines"] = [
            [author, erased[author] if author in erased_authors else name] for author, name in card.bylines
        ]
    return values


def _in_force(history: Any, revision: int | None) -> list[int]:
    """Return the ids of the history rows that are current at a revision, or now."""
    upto = history if revision is None else history.filter(revision__lte=revision)
    return list(
        upto.order_by().values("id").annotate(newest=Max("history_id")).values_list("newest", flat=True)
    )

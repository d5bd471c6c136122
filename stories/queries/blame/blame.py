"""Find who wrote some words of a story, and what happened to them since.

Independent of who asks: the desk and the auditors display it each in their own way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, Final
from uuid import UUID

from stories.domain.blame.blame import Lifetime, Trace, Transfer, blame
from stories.domain.blame.moves import Spot, TextLocation
from stories.domain.blame.words import Word, visible_text, words_of
from stories.domain.snapshot import Part, StorySnapshot
from stories.domain.text.ellipsis import with_ellipsis
from stories.models import Article, ImportedStory, Publication, PublishedNote, Revision
from stories.models.integrity.registry import PART_MODELS
from stories.queries.blame.word_history import TEXT_FIELDS, as_html, text_history_of
from stories.queries.publishing.withdrawals import withdrawal_in_force

# How much text around the words is included, in characters.
CONTEXT: Final = 90
MOST_WORDS: Final = 500
MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True)
class Selection:
    """Some words of a field: those between two offsets in visible characters, white space left out."""

    place: TextLocation
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Words with the text around them. `label` is an editor's name for the place."""

    label: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMatch:
    """A place where the searched words were found."""

    selection: Selection
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedIn:
    """A publication that contains the words; `version` is its number, 0 if it is scheduled."""

    publication: Publication
    version: int
    notes: list[PublishedNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transfer of the words, with the revision that made it."""

    passage: Transfer
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The history that some words share.

    `steps` are the transfers since they were written, oldest first. `first_published_in` is None if no publication has
    them, `last_version` 0 if none has gone live. `taken_out` is None while they are in the story, and `is_live` says
    whether readers see them now.
    """

    excerpt: Excerpt
    brought_in: Revision
    imported: bool
    steps: list[Step]
    first_published_in: PublishedIn | None
    last_version: int
    taken_out: Revision | None
    is_live: bool
    absences: list[tuple[Revision, Revision]]


def readable_places(story: StorySnapshot) -> Iterator[tuple[TextLocation, str, str]]:
    """Yield every field of a story that has text, in reading order: the place, its HTML, its label."""
    for name in TEXT_FIELDS[Article]:
        if value := getattr(story, name):
            yield TextLocation(None, name), as_html(Article, name, value), _field(Article, name)
    counts: dict[type[Part], int] = {}
    for part in story.parts():
        model = PART_MODELS[type(part)]
        counts[type(part)] = counts.get(type(part), 0) + 1
        for name in TEXT_FIELDS[model]:
            if value := getattr(part, name):
                label = f"{model._meta.verbose_name} {counts[type(part)]}"
                if len(TEXT_FIELDS[model]) > 1 and name != "text":
                    label += f", {_field(model, name)}"
                yield TextLocation(part.key, name), as_html(model, name, value), label


def _field(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def find_words(story: StorySnapshot, sought: str) -> list[WordMatch]:
    """Return where words occur in a story, ignoring case; no queries. At most MOST_FOUND."""
    keys = [word.casefold() for word in _plain_words(sought)]
    found: list[WordMatch] = []
    for place, html, label in readable_places(story) if keys else ():
        words = words_of(html)
        read = [word.text.casefold() for word in words]
        for start in range(len(read) - len(keys) + 1):
            if read[start : start + len(keys)] == keys:
                chosen = words[start : start + len(keys)]
                found.append(
                    WordMatch(
                        selection=Selection(place, chosen[0].first, chosen[-1].last),
                        excerpt=_excerpt(html, chosen, label),
                    )
                )
    return found[:MOST_FOUND]


def _plain_words(text: str) -> list[str]:
    return [word.text for word in words_of(as_html(Article, "headline", text))]


def who_wrote(
    article_id: int,
    revision: int,
    selections: Sequence[Selection],
    *,
    story: StorySnapshot,
    at: datetime,
) -> list[History]:
    """Return the histories of the words that are selected in a story, which reads as `story` at a revision.

    In the order of the selections; neighbours with the same history are grouped. Empty if no word is selected. At most
    MOST_WORDS are traced. Fourteen queries, whatever is selected.
    """
    labels = {place: (html, label) for place, html, label in readable_places(story)}
    chosen: list[tuple[TextLocation, Word]] = []
    for selection in selections:
        html, _label = labels.get(selection.place, ("", ""))
        chosen += (
            (selection.place, word)
            for word in words_of(html)
            if word.first < selection.last and word.last > selection.first
        )
    chosen = chosen[:MOST_WORDS]
    if not chosen:
        return []
    history = text_history_of(article_id)
    traces = blame(history, [Spot(place, word.span) for place, word in chosen], revision)
    builder = _HistoryBuilder(article_id, traces, at)
    histories = []
    traced = zip(chosen, traces, strict=True)
    for (place, trace), group in groupby(traced, key=lambda each: (each[0][0], each[1])):
        html, label = labels[place]
        histories.append(builder.build(trace, _excerpt(html, [word for (_, word), _ in group], label)))
    return histories


def _excerpt(html: str, words: Sequence[Word], label: str) -> Excerpt:
    start, end = words[0].span.start, words[-1].span.end
    before, after = visible_text(html[:start]).lstrip(), visible_text(html[end:]).rstrip()
    if len(before) > CONTEXT:
        before = f"…{before[-CONTEXT:].partition(' ')[2]}"
    if len(after) > CONTEXT:
        after = with_ellipsis(after[:CONTEXT].rpartition(" ")[0])
    return Excerpt(label=label, before=before, words=visible_text(html[start:end]), after=after)


class _HistoryBuilder:
    """Builds histories from traces, with their revisions and publications each read once."""

    def __init__(self, article_id: int, traces: Sequence[Trace], at: datetime) -> None:
        self.at = at
        numbers = {number for trace in traces for number in _numbers(trace)}
        revisions = Revision.objects.filter(article=article_id, number__in=numbers)
        self.revisions = {revision.number: revision for revision in revisions}
        publications = (
            Publication.objects.not_cancelled().filter(article=article_id).select_related("revision")
        )
        self.publications = list(publications.order_by("live_from", "pk"))
        self.versions = [each for each in self.publications if each.live_from <= at]
        firsts = {first.pk for trace in traces if (first := self._first(trace)) is not None}
        self.notes: dict[int, list[PublishedNote]] = {}
        for note in PublishedNote.objects.filter(publication__in=firsts):
            self.notes.setdefault(note.publication_id, []).append(note)
        self.imports = set(
            ImportedStory.objects.filter(article=article_id).values_list("recorded_at", flat=True)
        )
        self.is_withdrawn = withdrawal_in_force(article_id) is not None

    def build(self, trace: Trace, excerpt: Excerpt) -> History:
        brought_in = self.revisions[trace.revision]
        first = self._first(trace)
        numbers = [number for number, each in enumerate(self.versions, start=1) if _contains(each, trace)]
        live = self.versions[-1] if self.versions and not self.is_withdrawn else None
        return History(
            excerpt=excerpt,
            brought_in=brought_in,
            imported=brought_in.user_id is None and brought_in.recorded_at in self.imports,
            steps=[
                Step(passage=passage, revision=self.revisions[passage.revision])
                for passage in reversed(trace.transfers)
            ],
            first_published_in=self._published_in(first) if first else None,
            last_version=numbers[-1] if numbers else 0,
            taken_out=self.revisions[trace.removed_in] if trace.removed_in else None,
            is_live=live is not None and _contains(live, trace),
            absences=[
                (self.revisions[gone], self.revisions[back]) for gone, back in _absences(trace.lifetimes)
            ],
        )

    def _first(self, trace: Trace) -> Publication | None:
        return next((each for each in self.publications if _contains(each, trace)), None)

    def _published_in(self, publication: Publication) -> PublishedIn:
        number = self.versions.index(publication) + 1 if publication in self.versions else 0
        return PublishedIn(publication=publication, version=number, notes=self.notes.get(publication.pk, []))


def _numbers(trace: Trace) -> Iterator[int]:
    """Yield the numbers of the revisions in a trace."""
    yield trace.revision
    for passage in trace.transfers:
        yield passage.revision
    if trace.removed_in:
        yield trace.removed_in
    for gone, back in _absences(trace.lifetimes):
        yield from (gone, back)


def _absences(lifetimes: Sequence[Lifetime]) -> Iterator[tuple[int, int]]:
    """Yield the revisions that removed words for a while, each with the one that brought them back."""
    for before, after in pairwise(lifetimes):
        if before.until is not None:
            yield before.until, after.since


def _contains(publication: Publication, trace: Trace) -> bool:
    return any(lifetime.holds(publication.revision.number) for lifetime in trace.lifetimes)


def parse_place(text: str) -> TextLocation | None:
    """Parse a place as URLs name it, "headline" or "<key>.text"; return None if it is not one."""
    key, _, field = text.rpartition(".")
    try:
        return TextLocation(UUID(key) if key else None, field)
    except ValueError:
        return None


def place_address(place: TextLocation) -> str:
    """Return how URLs name a place; `parse_place` reads it."""
    return f"{place.key}.{place.field}" if place.key else place.field

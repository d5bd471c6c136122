"""Who brought some words of a story in, and all that became of them since.

Knows nothing of who asks: the desk and the auditors show it each in their way.
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
from stories.queries.blame.word_history import WORDED, as_html, life_of
from stories.queries.publishing.withdrawals import standing_withdrawal

# How much is told of what stands around the words, in characters.
CONTEXT: Final = 90
MOST_WORDS: Final = 500
MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True)
class Selection:
    """Some words of a place: those that lie between two counts of visible characters, white space left out."""

    place: TextLocation
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Words with what stands around them. `label` is where, as editors name it."""

    label: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place where words that somebody looks for stand."""

    selection: Selection
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A publication that shows the words; `version` is its number, 0 while it is to go live."""

    publication: Publication
    version: int
    notes: list[PublishedNote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A passage of the words, with the revision that made it."""

    passage: Transfer
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The history of words that share all of it.

    `steps` are the passages since they were brought in, oldest first. `first_shown` is None where no publication
    has them, `last_version` 0 where none has gone live. `taken_out` is None while they are in the story, and
    `is_live` tells whether readers see them now.
    """

    excerpt: Excerpt
    brought_in: Revision
    imported: bool
    steps: list[Step]
    first_shown: Shown | None
    last_version: int
    taken_out: Revision | None
    is_live: bool
    absences: list[tuple[Revision, Revision]]


def readable_places(story: StorySnapshot) -> Iterator[tuple[TextLocation, str, str]]:
    """Every place of a story that holds words, in the order of reading: the place, its HTML, what it is called."""
    for name in WORDED[Article]:
        if value := getattr(story, name):
            yield TextLocation(None, name), as_html(Article, name, value), _field(Article, name)
    counts: dict[type[Part], int] = {}
    for part in story.parts():
        model = PART_MODELS[type(part)]
        counts[type(part)] = counts.get(type(part), 0) + 1
        for name in WORDED[model]:
            if value := getattr(part, name):
                label = f"{model._meta.verbose_name} {counts[type(part)]}"
                if len(WORDED[model]) > 1 and name != "text":
                    label += f", {_field(model, name)}"
                yield TextLocation(part.key, name), as_html(model, name, value), label


def _field(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def find_words(story: StorySnapshot, sought: str) -> list[Found]:
    """Where words stand in a story, capital letters or not; no queries. At most MOST_FOUND."""
    keys = [word.casefold() for word in _plain_words(sought)]
    found: list[Found] = []
    for place, html, label in readable_places(story) if keys else ():
        words = words_of(html)
        read = [word.text.casefold() for word in words]
        for start in range(len(read) - len(keys) + 1):
            if read[start : start + len(keys)] == keys:
                chosen = words[start : start + len(keys)]
                found.append(
                    Found(
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
    """The histories of the words that are selected in a story, which reads as `story` at a revision.

    In the order of the selections; neighbours that share their history are told together. Empty where no word is
    selected. At most MOST_WORDS are looked at. Fourteen queries, whatever is selected.
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
    life = life_of(article_id)
    traces = blame(life, [Spot(place, word.span) for place, word in chosen], revision)
    teller = _Teller(article_id, traces, at)
    histories = []
    told = zip(chosen, traces, strict=True)
    for (place, trace), group in groupby(told, key=lambda each: (each[0][0], each[1])):
        html, label = labels[place]
        histories.append(teller.tell(trace, _excerpt(html, [word for (_, word), _ in group], label)))
    return histories


def _excerpt(html: str, words: Sequence[Word], label: str) -> Excerpt:
    start, end = words[0].span.start, words[-1].span.end
    before, after = visible_text(html[:start]).lstrip(), visible_text(html[end:]).rstrip()
    if len(before) > CONTEXT:
        before = f"…{before[-CONTEXT:].partition(' ')[2]}"
    if len(after) > CONTEXT:
        after = with_ellipsis(after[:CONTEXT].rpartition(" ")[0])
    return Excerpt(label=label, before=before, words=visible_text(html[start:end]), after=after)


class _Teller:
    """Knows the revisions and publications that traces speak of: each read once."""

    def __init__(self, article_id: int, traces: Sequence[Trace], at: datetime) -> None:
        self.at = at
        numbers = {number for trace in traces for number in _numbers(trace)}
        revisions = Revision.objects.filter(article=article_id, number__in=numbers)
        self.revisions = {revision.number: revision for revision in revisions}
        standing = Publication.objects.standing().filter(article=article_id).select_related("revision")
        self.standing = list(standing.order_by("live_from", "pk"))
        self.versions = [each for each in self.standing if each.live_from <= at]
        firsts = {first.pk for trace in traces if (first := self._first(trace)) is not None}
        self.notes: dict[int, list[PublishedNote]] = {}
        for note in PublishedNote.objects.filter(publication__in=firsts):
            self.notes.setdefault(note.publication_id, []).append(note)
        self.imports = set(
            ImportedStory.objects.filter(article=article_id).values_list("recorded_at", flat=True)
        )
        self.is_withdrawn = standing_withdrawal(article_id) is not None

    def tell(self, trace: Trace, excerpt: Excerpt) -> History:
        brought_in = self.revisions[trace.revision]
        first = self._first(trace)
        shown = [number for number, each in enumerate(self.versions, start=1) if _shows(each, trace)]
        live = self.versions[-1] if self.versions and not self.is_withdrawn else None
        return History(
            excerpt=excerpt,
            brought_in=brought_in,
            imported=brought_in.user_id is None and brought_in.recorded_at in self.imports,
            steps=[
                Step(passage=passage, revision=self.revisions[passage.revision])
                for passage in reversed(trace.transfers)
            ],
            first_shown=self._shown(first) if first else None,
            last_version=shown[-1] if shown else 0,
            taken_out=self.revisions[trace.removed_in] if trace.removed_in else None,
            is_live=live is not None and _shows(live, trace),
            absences=[
                (self.revisions[gone], self.revisions[back]) for gone, back in _absences(trace.lifetimes)
            ],
        )

    def _first(self, trace: Trace) -> Publication | None:
        return next((each for each in self.standing if _shows(each, trace)), None)

    def _shown(self, publication: Publication) -> Shown:
        number = self.versions.index(publication) + 1 if publication in self.versions else 0
        return Shown(publication=publication, version=number, notes=self.notes.get(publication.pk, []))


def _numbers(trace: Trace) -> Iterator[int]:
    """The revisions that a trace speaks of."""
    yield trace.revision
    for passage in trace.transfers:
        yield passage.revision
    if trace.removed_in:
        yield trace.removed_in
    for gone, back in _absences(trace.lifetimes):
        yield from (gone, back)


def _absences(stays: Sequence[Lifetime]) -> Iterator[tuple[int, int]]:
    """The revisions that took words out for a while, each with the one that brought them back."""
    for before, after in pairwise(stays):
        if before.until is not None:
            yield before.until, after.since


def _shows(publication: Publication, trace: Trace) -> bool:
    return any(stay.holds(publication.revision.number) for stay in trace.lifetimes)


def parse_place(text: str) -> TextLocation | None:
    """A place as addresses name it, "headline" or "<key>.text"; None where it is none."""
    key, _, field = text.rpartition(".")
    try:
        return TextLocation(UUID(key) if key else None, field)
    except ValueError:
        return None


def place_address(place: TextLocation) -> str:
    """What `parse_place` reads."""
    return f"{place.key}.{place.field}" if place.key else place.field

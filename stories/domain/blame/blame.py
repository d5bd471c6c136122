"""Find who brought words into a story and who removed them: `blame(history, spots, revision)`.

A word is traced from revision to revision through the texts of its field. If it is new there, it is looked for in the
earlier revision that this revision took words from (a restore, edits put back on top of a fix), and among the words
that left other fields in the same revision (a split, a join, a move). If it is in neither, this revision brought it
in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from stories.domain.blame.moves import Spot, Step, TextLocation
from stories.domain.blame.words import Edit


class TransferKind(StrEnum):
    """How a word came to its place, other than by being written there."""

    SPLIT = "split"
    JOINED = "joined"
    MOVED = "moved"
    CARRIED_OVER = "taken"


class Transfer(NamedTuple):
    """A word's passage, in one revision, from one place to another or from an earlier revision."""

    kind: TransferKind
    revision: int
    from_revision: int
    from_place: TextLocation
    to_place: TextLocation


class Lifetime(NamedTuple):
    """A period in which a word is in the story: from `since` up to, not including, `until`; None means to this day."""

    since: int
    until: int | None

    def holds(self, revision: int) -> bool:
        """Return whether the word is in the story at a revision."""
        return self.since <= revision and (self.until is None or revision < self.until)


@dataclass(frozen=True)
class Trace:
    """A word's history: the revision that brought it in, its transfers (newest first), and when it was present."""

    revision: int
    place: TextLocation
    transfers: tuple[Transfer, ...]
    lifetimes: tuple[Lifetime, ...]

    @property
    def removed_in(self) -> int | None:
        """The revision that finally removed the word, None while it is in the story."""
        return self.lifetimes[-1].until


class _SpotAt(NamedTuple):
    """Where a word is from a revision on."""

    revision: int
    spot: Spot


class TextHistory:
    """The texts of a story through all its revisions.

    `texts` has the texts of each place as HTML, each with the number of the revision that wrote it, in rising order;
    "" once the place is gone. `sources` maps revisions to the earlier revision that they took words from.
    """

    def __init__(
        self, texts: Mapping[TextLocation, Sequence[tuple[int, str]]], sources: Mapping[int, int]
    ) -> None:
        self.texts = texts
        self.sources = dict(sources)
        self._numbers = {place: [number for number, _ in forms] for place, forms in texts.items()}
        self._changed: defaultdict[int, list[TextLocation]] = defaultdict(list)
        for place, numbers in self._numbers.items():
            for number in numbers:
                self._changed[number].append(place)
        self._edits: dict[TextLocation, list[Edit | None]] = {}
        self._steps: dict[int, Step] = {}
        self._source_steps: dict[int, Step] = {}

    def text(self, place: TextLocation, revision: int) -> str:
        """Return the text of a place at a revision, "" if it did not exist."""
        form = self._form(place, revision)
        return self.texts[place][form][1] if form >= 0 else ""

    def walk_back(self, spot: Spot, revision: int) -> tuple[int, Spot]:
        """Return the revision since which a word has been in its place, and where it was then."""
        form, span = self._form(spot.place, revision), spot.span
        edits = self._edits_of(spot.place)
        while True:
            earlier = (edits[form] or self._edit(spot.place, form)).back(span)
            if earlier is None:
                return self._numbers[spot.place][form], Spot(spot.place, span)
            form, span = form - 1, earlier

    def walk_on(self, spot: Spot, revision: int, upto: int | None = None) -> tuple[int | None, Spot]:
        """Return the revision that took a word from its place, and where the word was last.

        The revision is None if the word is there to this day, or at the revision `upto`.
        """
        form, span = self._form(spot.place, revision), spot.span
        edits = self._edits_of(spot.place)
        last = len(edits) - 1 if upto is None else self._form(spot.place, upto)
        while form < last:
            later = (edits[form + 1] or self._edit(spot.place, form + 1)).forward(span)
            if later is None:
                return self._numbers[spot.place][form + 1], Spot(spot.place, span)
            form, span = form + 1, later
        return None, Spot(spot.place, span)

    def step(self, revision: int) -> Step:
        """Return what a revision changed in the one before it."""
        if revision not in self._steps:
            places = self._changed[revision]
            self._steps[revision] = Step(
                {place: self._edit(place, self._form(place, revision)) for place in places}
            )
        return self._steps[revision]

    def source_step(self, revision: int) -> Step:
        """Return what a revision changed in the earlier revision that it took words from."""
        if revision not in self._source_steps:
            earlier = self.sources[revision]
            both = ((place, self.text(place, earlier), self.text(place, revision)) for place in self.texts)
            self._source_steps[revision] = Step(
                {place: Edit(old, new) for place, old, new in both if old != new}
            )
        return self._source_steps[revision]

    def _form(self, place: TextLocation, revision: int) -> int:
        """Return the index of the text that a place has at a revision, -1 before its first."""
        return bisect_right(self._numbers.get(place, ()), revision) - 1

    def _edits_of(self, place: TextLocation) -> list[Edit | None]:
        """Return the edits of a place, one for each of its texts, None for those not computed yet."""
        if place not in self._edits:
            self._edits[place] = [None] * len(self.texts[place])
        return self._edits[place]

    def _edit(self, place: TextLocation, form: int) -> Edit:
        """Return the edit that turned the text before into the place's text number `form`."""
        edits, forms = self._edits_of(place), self.texts[place]
        edit = edits[form] or Edit(forms[form - 1][1] if form else "", forms[form][1])
        edits[form] = edit
        return edit


def blame(history: TextHistory, spots: Sequence[Spot], revision: int) -> list[Trace]:
    """Return the trace of each of the words at `spots` at a revision."""
    return [_trace(history, _SpotAt(revision, spot)) for spot in spots]


def _trace(history: TextHistory, word: _SpotAt) -> Trace:
    origin, transfers, lifetimes = _backward(history, word)
    later, reached = _forward(history, origin, word)
    lifetimes += later
    if not reached:
        # Backward and forward tracing diverge if words were copied: follow the word that was asked about.
        lifetimes += _forward(history, word, word)[0]
    return Trace(
        revision=origin.revision,
        place=origin.spot.place,
        transfers=tuple(transfers),
        lifetimes=tuple(_merged(lifetimes)),
    )


def _backward(history: TextHistory, word: _SpotAt) -> tuple[_SpotAt, list[Transfer], list[Lifetime]]:
    """Return where a word came into the story, by which transfers, and when it was present on that way."""
    transfers: list[Transfer] = []
    lifetimes: list[Lifetime] = []
    revision, spot = word
    until = revision + 1
    while True:
        changed_in, spot = history.walk_back(spot, revision)
        if found := _source_spot(history, changed_in, spot):
            earlier = history.sources[changed_in]
            transfers.append(
                Transfer(TransferKind.CARRIED_OVER, changed_in, earlier, found.place, spot.place)
            )
            lifetimes.append(Lifetime(changed_in, until))
            revision, spot, until = earlier, found, earlier + 1
        elif found := history.step(changed_in).came_from(spot):
            transfers.append(
                Transfer(
                    _transfer_kind(history, changed_in, found, spot),
                    changed_in,
                    changed_in - 1,
                    found.place,
                    spot.place,
                )
            )
            revision, spot = changed_in - 1, found
        else:
            return _SpotAt(changed_in, spot), transfers, [*lifetimes, Lifetime(changed_in, until)]


def _source_spot(history: TextHistory, revision: int, spot: Spot) -> Spot | None:
    """Return where a word was in the earlier revision that this one took words from, None if it was not there."""
    if revision not in history.sources:
        return None
    source_step = history.source_step(revision)
    return source_step.previous_spot(spot) or source_step.came_from(spot)


def _transfer_kind(history: TextHistory, revision: int, old: Spot, new: Spot) -> TransferKind:
    stayed_behind = history.text(old.place, revision)
    was_there = history.text(new.place, revision - 1)
    if stayed_behind and not was_there:
        return TransferKind.SPLIT
    return TransferKind.JOINED if was_there and not stayed_behind else TransferKind.MOVED


def _forward(history: TextHistory, start: _SpotAt, word: _SpotAt) -> tuple[list[Lifetime], bool]:
    """Return when a word is in the story from `start` on, and whether that path leads to `word`."""
    walked = [start]
    lifetimes: list[Lifetime] = []
    since, reached = start.revision, False
    while True:
        revision, spot = walked[-1]
        change = None
        if spot.place == word.spot.place and revision <= word.revision:
            change, spot = history.walk_on(spot, revision, word.revision)
            revision = word.revision
            reached = reached or (change is None and spot == word.spot)
        if change is None:
            change, spot = history.walk_on(spot, revision)
        if change is None:
            return [*lifetimes, Lifetime(since, None)], reached
        if found := history.step(change).went_to(spot):
            walked.append(_SpotAt(change, found))
            continue
        lifetimes.append(Lifetime(since, change))
        back = _brought_back(history, walked, lifetimes)
        if back is None:
            return lifetimes, reached
        walked.append(back)
        since = back.revision


def _brought_back(
    history: TextHistory, walked: Sequence[_SpotAt], lifetimes: Sequence[Lifetime]
) -> _SpotAt | None:
    """Return where a word that was removed is present again, by a revision that took it from an earlier one."""
    gone = lifetimes[-1].until or 0
    for revision in sorted(history.sources):
        earlier = history.sources[revision]
        if revision < gone or not any(lifetime.holds(earlier) for lifetime in lifetimes):
            continue
        since, spot = next(position for position in reversed(walked) if position.revision <= earlier)
        spot = history.walk_on(spot, since, earlier)[1]
        source_step = history.source_step(revision)
        found = source_step.next_spot(spot) or source_step.went_to(spot)
        if found and not history.step(revision).previous_spot(found):
            return _SpotAt(revision, found)
    return None


def _merged(lifetimes: Sequence[Lifetime]) -> list[Lifetime]:
    """Return the same periods in order, overlapping ones merged."""
    merged: list[Lifetime] = []
    for lifetime in sorted(lifetimes, key=lambda each: (each.since, each.until is not None, each.until or 0)):
        last = merged[-1] if merged else None
        if last is None or (last.until is not None and last.until < lifetime.since):
            merged.append(lifetime)
        elif last.until is not None and (lifetime.until is None or lifetime.until > last.until):
            merged[-1] = Lifetime(last.since, lifetime.until)
    return merged

"""Find words that left one place of a story and came to another in the same revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple
from uuid import UUID

from stories.domain.blame.words import Edit, KeyedWord, WordSpan
from stories.domain.text.alignment import equal_runs, interned

# Fewer words found elsewhere are a coincidence, unless they are all that was removed or added there.
_ENOUGH = 5
_SEED = 3
# If the same three words were removed from this many places, the rest is not searched.
_CANDIDATES = 16


class TextLocation(NamedTuple):
    """A text of a story: a field of a keyed part, or of the story itself, whose key is None."""

    key: UUID | None
    field: str


class Spot(NamedTuple):
    """A word, by its text and its span there."""

    place: TextLocation
    span: WordSpan


@dataclass(frozen=True)
class _Stretch:
    """Consecutive words that left a place, or came to it; `whole` if the place has no other words."""

    place: TextLocation
    tokens: list[KeyedWord]
    whole: bool

    def spot(self, at: int) -> Spot:
        return Spot(self.place, self.tokens[at].span)


class _Match(NamedTuple):
    """`size` words from `at` on that equal those from `removed_at` on in the stretch number `removed`."""

    at: int
    removed: int
    removed_at: int
    size: int


class Step:
    """The edits of all texts that one revision changed: where each word went."""

    def __init__(self, edits: Mapping[TextLocation, Edit]) -> None:
        self.edits = edits

    def previous_spot(self, spot: Spot) -> Spot | None:
        """Return where a new word was in the same place of the old story, None if it was not there."""
        edit = self.edits.get(spot.place)
        span = edit.back(spot.span) if edit else spot.span
        return Spot(spot.place, span) if span else None

    def next_spot(self, spot: Spot) -> Spot | None:
        """Return where an old word is in the same place of the new story, None if it is not there."""
        edit = self.edits.get(spot.place)
        span = edit.forward(spot.span) if edit else spot.span
        return Spot(spot.place, span) if span else None

    def came_from(self, spot: Spot) -> Spot | None:
        """Return where a word that is new in its place came from, None if it is new to the story."""
        return self._moves[1].get(spot)

    def went_to(self, spot: Spot) -> Spot | None:
        """Return where a word that left its place went, None if it left the story."""
        return self._moves[0].get(spot)

    @cached_property
    def _moves(self) -> tuple[dict[Spot, Spot], dict[Spot, Spot]]:
        removed, added = self._stretches()
        forward: dict[Spot, Spot] = {}
        for old, new in _Finder(removed).pairs(added):
            forward.setdefault(old, new)
        return forward, {new: old for old, new in forward.items()}

    def _stretches(self) -> tuple[list[_Stretch], list[_Stretch]]:
        removed, added = [], []
        for place, edit in self.edits.items():
            alone = not edit.new and len(edit.removed) == 1, not edit.old and len(edit.added) == 1
            removed += [_Stretch(place, tokens, alone[0]) for tokens in edit.removed]
            added += [_Stretch(place, tokens, alone[1]) for tokens in edit.added]
        return removed, added


class _Finder:
    def __init__(self, removed: Sequence[_Stretch]) -> None:
        self.removed = removed
        self.used: set[tuple[int, int]] = set()
        self.seeds: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        self.wholes: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, stretch in enumerate(removed):
            keys = [token.key for token in stretch.tokens]
            self.wholes[tuple(keys)].append(number)
            for at in range(len(keys) - _SEED + 1):
                self.seeds[tuple(keys[at : at + _SEED])].append((number, at))

    def pairs(self, added: Sequence[_Stretch]) -> list[tuple[Spot, Spot]]:
        """Return each word that left, paired with the word that it is now."""
        pairs = []
        # The longest first, so that certain moves are not lost to coincidences.
        for stretch in sorted(added, key=lambda each: -len(each.tokens)):
            for match in self._with_gaps(stretch, self._matches(stretch)):
                for number in range(match.size):
                    self.used.add((match.removed, match.removed_at + number))
                    pairs.append(
                        (
                            self.removed[match.removed].spot(match.removed_at + number),
                            stretch.spot(match.at + number),
                        )
                    )
        return pairs

    def _matches(self, stretch: _Stretch) -> list[_Match]:
        keys = [token.key for token in stretch.tokens]
        for number in self.wholes.get(tuple(keys), ()):
            if (number, 0) not in self.used and (stretch.whole or self.removed[number].whole):
                return [_Match(0, number, 0, len(keys))]
        found: list[_Match] = []
        at = 0
        while at <= len(keys) - _SEED:
            match = self._longest(keys, at)
            if match and self._is_enough(match, stretch):
                found.append(match)
                at += match.size
            else:
                at += 1
        return found

    def _longest(self, keys: list[str], at: int) -> _Match | None:
        best: _Match | None = None
        candidates = self.seeds.get(tuple(keys[at : at + _SEED]), ())
        for number, start in islice((each for each in candidates if each not in self.used), _CANDIDATES):
            tokens = self.removed[number].tokens
            size = 0
            while (
                at + size < len(keys)
                and start + size < len(tokens)
                and keys[at + size] == tokens[start + size].key
                and (number, start + size) not in self.used
            ):
                size += 1
            if best is None or size > best.size:
                best = _Match(at, number, start, size)
        return best

    def _is_enough(self, match: _Match, stretch: _Stretch) -> bool:
        if match.size >= _ENOUGH:
            return True
        return match.size >= _SEED and match.size in (
            len(stretch.tokens),
            len(self.removed[match.removed].tokens),
        )

    def _with_gaps(self, stretch: _Stretch, found: list[_Match]) -> list[_Match]:
        """Add the words between two matches that left between the same two, in order: a passage edited as it moved."""
        result = list(found)
        for first, second in pairwise(found):
            here = range(first.at + first.size, second.at)
            there = range(first.removed_at + first.size, second.removed_at)
            if first.removed != second.removed or not here or not there:
                continue
            tokens = self.removed[first.removed].tokens
            keys = interned(
                (tokens[at].key for at in there),
                (stretch.tokens[at].key for at in here),
            )
            result += (
                _Match(here[run.new], first.removed, there[run.old], run.size) for run in equal_runs(*keys)
            )
        return result

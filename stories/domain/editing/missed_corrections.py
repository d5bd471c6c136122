"""Find words that a change corrected in one place and left in another: names, figures, what a correction calls
wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from stories.domain.editing.find_replace import FieldMatch, find_matches
from stories.domain.significance.data import Reason, ReasonKind
from stories.domain.snapshot import StoryContent
from stories.domain.text.find import SearchWords

# Smaller numbers and shorter words occur elsewhere for other reasons, and whole sentences do not occur elsewhere.
_DIGITS, _LETTERS, _MAX_LENGTH = 3, 3, 100
_ALIKE = 0.6
_REASON_KINDS = (ReasonKind.NAME, ReasonKind.FIGURE, ReasonKind.ATTRIBUTION)
_DAYS_AND_MONTHS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december today yesterday tomorrow".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCorrection:
    """Old words, and where they still occur."""

    words: str
    places: tuple[FieldMatch, ...]


def find_missed_corrections(
    before: StoryContent, after: StoryContent, reasons: Iterable[Reason], wrong_words: Iterable[str] = ()
) -> list[MissedCorrection]:
    """Return the old words that still occur in `after`.

    `reasons` measure the change, `wrong_words` are those that corrections quote. A name or a figure is reported if the
    change replaced it by a single other one wherever it was changed, and not if both were in the story from the
    beginning: then they are two things. Words in notes are ignored, since they are quoted there on purpose.
    """
    without_notes = replace(after, update_notes=())
    replaced = _replaced(replace(before, update_notes=()), without_notes, reasons)
    wrong = (each.strip(" .,;:“”\"'") for each in wrong_words)
    found: list[MissedCorrection] = []
    # The shorter ones first: “Whitlok” finds “Dana Whitlok” too, and one report is enough.
    for words in sorted(dict.fromkeys((*wrong, *replaced)), key=len):
        places = _places(without_notes, words) if _is_distinctive(words) else []
        if places and not all(
            any(_covers(each, place) for missed in found for each in missed.places) for place in places
        ):
            found.append(MissedCorrection(words=words, places=tuple(places)))
    return found


def _covers(one: FieldMatch, other: FieldMatch) -> bool:
    same = (one.key, one.field) == (other.key, other.field)
    return same and one.span.start < other.span.end and other.span.start < one.span.end


def _replaced(before: StoryContent, after: StoryContent, reasons: Iterable[Reason]) -> Iterator[str]:
    became: defaultdict[str, set[str]] = defaultdict(set)
    for reason in reasons:
        if reason.kind in _REASON_KINDS and reason.old:
            became[reason.old].add(reason.new)
    for old, new in became.items():
        (now,) = new if len(new) == 1 else ("",)
        if not now or old.casefold() in now.casefold():
            continue
        distinct = Indel.normalized_similarity(old, now) < _ALIKE and not any(map(str.isdigit, old))
        if distinct and _places(before, now):
            continue
        if len(_places(after, old)) < len(_places(before, old)):
            yield old


def _is_distinctive(words: str) -> bool:
    if not words or len(words) > _MAX_LENGTH or words.casefold() in _DAYS_AND_MONTHS:
        return False
    if any(map(str.isdigit, words)) and not re.search(r"[^\W\d_]{3}", words):
        return sum(map(str.isdigit, words)) >= _DIGITS
    return sum(map(str.isalpha, words)) >= _LETTERS


def _places(story: StoryContent, words: str) -> list[FieldMatch]:
    """Return the matches of words by themselves; of a name, only those with a capital, or in the slug."""
    found = find_matches(story, SearchWords(words, whole_words=True))
    if not words[:1].isupper():
        return found
    return [place for place in found if place.field == "slug" or not place.span.found[:1].islower()]

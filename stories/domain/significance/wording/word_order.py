"""Words that changed places within a sentence: who did what to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from stories.domain.significance.lexicon.vocabulary import REPORTING
from stories.domain.significance.lexicon.word_groups import members
from stories.domain.significance.text import Text, Word
from stories.domain.significance.wording.verb_forms import acts_in_past, is_being, marks_agent
from stories.domain.text.alignment import Run

# More gaps than this are a rewritten text, which is significant for its number of words.
_MANY_GAPS = 40
_LONGEST_MOVE = 6
# Two adjacent words that changed places are usually two attributes.
_FEWEST_REORDERED = 3
# Items of a list may be in any order.
_LISTING = frozenset(("and", "or", "&", "nor", "plus"))
# Words that may be at either end of their sentence.
_FREE = members(
    "according yesterday today tomorrow tonight also now then however meanwhile therefore instead still already"
    " often usually sometimes recently currently generally typically finally initially eventually"
    " here there both again soon once immediately quickly slowly simply too either so such ly"
    " online the a an"
)
# These apply to the words next to them.
_LIMITING = frozenset("only even alone just merely solely not".split())
_CLAUSES = _FREE | members(
    "in on at by for from with without within during after before since until till when while where as if unless"
    " although though because despite through throughout under over among around across along near of to about"
)
_SMALL = members(
    "a an the this that these those his its their our my your and or of in on at to for is are was were be been as it"
)

_ACTING = frozenset("he she they we i".split())
_SUBJECTS = {"him": "he", "her": "she", "them": "they", "me": "i", "us": "we", "whom": "who"}


class Gap(NamedTuple):
    """A stretch of words that was replaced: its bounds on the old side and on the new."""

    old: int
    old_end: int
    new: int
    new_end: int


def gaps_between(runs: Iterable[Run], old_size: int, new_size: int) -> Iterator[Gap]:
    """Yield the gap before each run, and the one behind the last; it may be empty."""
    i = j = 0
    for run in (*runs, Run(old_size, new_size, 0)):
        yield Gap(i, run.old, j, run.new)
        i, j = run.old + run.size, run.new + run.size


def swapped(old: Text, new: Text, gaps: Sequence[Gap]) -> Iterator[tuple[Gap, Gap]]:
    """Yield pairs of gaps whose words changed places, so that another acts ("the driver hit the cyclist")."""
    if len(gaps) > _MANY_GAPS:
        return
    for number, first in enumerate(gaps):
        for second in gaps[number + 1 :]:
            if _new_sentence(old, first.old_end, second.old):
                break
            if _changed_places(old, new, first, second) or _moved(old, new, first, second):
                yield first, second


def reordered(removed: Sequence[Word], added: Sequence[Word]) -> bool:
    """Return whether a stretch has the same words in another order, which may change who acts."""
    before, after = ([word.norm for word in side if word.norm not in _SMALL] for side in (removed, added))
    if len(before) < _FEWEST_REORDERED or before == after or sorted(before) != sorted(after):
        return False
    return not any(word in _LISTING for word in before) and not {removed[0].norm, added[0].norm} & _CLAUSES


def changes_voice(text: Text, start: int, end: int) -> bool:
    """Return whether adding or removing these words swaps who acts and who is acted on ("was robbed")."""
    words = text.words[start:end]
    if not words or any(word.norm != "by" and not is_being(word) for word in words):
        return False
    if any(word.norm == "by" for word in words):
        return start > 0 and acts_in_past(text.words[start - 1])
    return end < len(text.words) and marks_agent(text.words[end])


def _changed_places(old: Text, new: Text, first: Gap, second: Gap) -> bool:
    one, other = _content(old, first.old, first.old_end), _content(old, second.old, second.old_end)
    if not one or not other or one == other:
        return False
    new_first, new_second = _content(new, first.new, first.new_end), _content(new, second.new, second.new_end)
    return one == new_second and other == new_first and not _listed(old, first.old_end, second.old)


def _moved(old: Text, new: Text, first: Gap, second: Gap) -> bool:
    """Return whether words moved past others that may be subject or object; not a clause, nor an item of a list."""
    left = old.words[first.old : first.old_end], new.words[first.new : first.new_end]
    right = old.words[second.old : second.old_end], new.words[second.new : second.new_end]
    if not (left[0] or right[1] or left[1] or right[0]):
        return False
    if not left[1] and not right[0]:
        moved, arrived = left[0], right[1]
    elif not left[0] and not right[1]:
        moved, arrived = right[0], left[1]
    else:
        return False
    words = [word.norm for word in moved]
    if not words or len(words) > _LONGEST_MOVE or _sorted_norms(moved) != _sorted_norms(arrived):
        return False
    if set(words) <= _LIMITING:
        return True
    if words[0] in _FREE or words[0].endswith("ly") or not set(words) - _SMALL:
        return False
    if set(words) & _ACTING and not set(words) & frozenset(REPORTING):
        return True
    return not _listed(old, first.old_end, second.old)


def _sorted_norms(words: Sequence[Word]) -> list[str]:
    return sorted(_SUBJECTS.get(word.norm, word.norm) for word in words)


def _listed(text: Text, start: int, end: int) -> bool:
    """Return whether the text between two places is that of a list: "and", commas."""
    between = text.words[start:end]
    commas = (
        text.plain[text.words[start - 1].end : text.words[end].start]
        if start > 0 and end < len(text.words)
        else ""
    )
    return (any(word.norm in _LISTING for word in between) and len(between) <= 4) or "," in commas


def _content(text: Text, start: int, end: int) -> list[str]:
    words: Sequence[Word] = text.words[start:end]
    return [_SUBJECTS.get(word.norm, word.norm) for word in words if word.norm not in _SMALL]


def _new_sentence(text: Text, start: int, end: int) -> bool:
    return any(word.opens for word in text.words[start : end + 1])

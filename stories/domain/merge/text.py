"""Three-way merge of one HTML text, paragraph by paragraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stories.domain.merge.data import Choice
from stories.domain.text.alignment import Item, Run, align, equal_runs, interned
from stories.domain.text.segments import segments, well_nested

# Paragraphs that share less than half of their words are paired only if there is no other choice.
ALIKE = 0.5


class Clash(NamedTuple):
    """A paragraph (None: the whole text) that both sides changed differently; None as a text if that side deleted it.

    `number` counts a text's clashes from 1; 0 stands for the whole text.
    """

    number: int
    paragraph: int | None
    base: str | None
    mine: str | None
    theirs: str | None

    def reading(self, choice: Choice) -> str:
        """Return the text that this choice puts in its place."""
        parts = {"mine": [self.mine], "theirs": [self.theirs], "both": [self.theirs, self.mine]}[choice]
        return "".join(part or "" for part in parts)


def merge_text(
    base: str, mine: str, theirs: str, *, choose: Callable[[int], Choice]
) -> tuple[str, list[Clash]]:
    """Merge both sides' changes to one text; return it with the clashes, each resolved by `choose` from its number.

    If the merged paragraphs would no longer nest (a list that one side took apart and the other added to), the whole
    text is one clash.
    """
    if mine == theirs or theirs == base:
        return mine, []
    if mine == base:
        return theirs, []
    bases, mines, others = (items(text) for text in (base, mine, theirs))
    clashes: list[Clash] = []
    # Both versions are built, so that the same places clash whichever side is preferred.
    as_mine: list[str] = []
    as_theirs: list[str] = []
    as_chosen: list[str] = []
    in_mine, in_theirs = _Side(bases, mines), _Side(bases, others)
    for place in range(-1, len(bases)):
        if place >= 0:
            chosen = _choose(bases[place], in_mine.of(place), in_theirs.of(place))
            if isinstance(chosen, Clash):
                clash = chosen._replace(number=len(clashes) + 1, paragraph=in_mine.paragraph(place))
                clashes.append(clash)
                as_mine.append(clash.mine or "")
                as_theirs.append(clash.theirs or "")
                as_chosen.append(clash.reading(choose(clash.number)))
            else:
                as_mine.append(chosen)
                as_theirs.append(chosen)
                as_chosen.append(chosen)
        added = _both(in_mine.added[place], in_theirs.added[place])
        as_mine += added
        as_theirs += added
        as_chosen += added
    readings = "".join(as_mine), "".join(as_theirs)
    if not all(map(well_nested, readings)) and well_nested(mine) and well_nested(theirs):
        whole = Clash(0, None, base, mine, theirs)
        return whole.reading(choose(0)), [whole]
    return "".join(as_chosen), clashes


def items(text: str) -> list[Item]:
    """Return an HTML text's segments as items to align."""
    return [Item(segment.raw, segment.content) for segment in segments(text)]


class _Side:
    """One side's version of each of the base's segments, and its additions after each (-1: before the first)."""

    def __init__(self, base: Sequence[Item], side: Sequence[Item]) -> None:
        self.side = side
        self.where = dict(align(base, side, at_least=ALIKE, in_place=True))
        self.added: defaultdict[int, list[str]] = defaultdict(list)
        base_of = {j: i for i, j in self.where.items()}
        last = -1
        for j, item in enumerate(side):
            if j in base_of:
                last = base_of[j]
            else:
                self.added[last].append(item.raw)

    def of(self, place: int) -> str | None:
        j = self.where.get(place)
        return None if j is None else self.side[j].raw

    def paragraph(self, place: int) -> int:
        """Return the number of the side's paragraph, from 1; if it was deleted, of the one that follows there."""
        end = next((self.where[i] for i in range(place, -1, -1) if i in self.where), -1)
        before = sum(item.content for item in self.side[: end + 1])
        return max(1, before if place in self.where else before + 1)


def _choose(base: Item, mine: str | None, theirs: str | None) -> str | Clash:
    if theirs == base.raw or mine == theirs:
        return mine or ""
    if mine == base.raw:
        return theirs or ""
    # A change of white space is not an edit.
    if _same(mine, base.raw):
        return theirs or ""
    if _same(theirs, base.raw) or _same(mine, theirs):
        return mine or ""
    return Clash(0, None, base.raw, mine, theirs)


def _same(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first.split() == second.split()


def _both(mine: list[str], theirs: list[str]) -> list[str]:
    """Return what both sides added at one place: common additions once, otherwise mine first."""
    if not mine or not theirs:
        return mine or theirs
    result: list[str] = []
    mine_at = theirs_at = 0
    for run in [*equal_runs(*interned(mine, theirs)), Run(len(mine), len(theirs), 0)]:
        result += mine[mine_at : run.old]
        result += theirs[theirs_at : run.new]
        result += mine[run.old : run.old + run.size]
        mine_at, theirs_at = run.old + run.size, run.new + run.size
    return result

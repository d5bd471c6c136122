"""Compare two bodies: all their blocks as one sequence of heads and paragraphs.

The whole bodies are aligned, so that a block split by a quote, or text that passed from one block to another, does not
look deleted and written again. The keys of blocks decide which heads correspond.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from stories.domain.diff.data import (
    BlockUnit,
    BodyUnit,
    FieldDiff,
    Op,
    TextUnit,
    WordOp,
    pieces,
    without_text,
)
from stories.domain.diff.paragraphs import joined_paragraphs, stretched
from stories.domain.diff.words import word_ops
from stories.domain.snapshot import Block, ProseBlock
from stories.domain.text.alignment import Item, align, similar
from stories.domain.text.segments import BLOCK_TAGS, Ancestor, Segment, segments, word_list

# Below this similarity a paragraph is not changed but replaced; text found elsewhere must be more alike to be the
# same.
_ALIKE_IN_PLACE = 0.5
_ALIKE_ELSEWHERE = 0.6
# Shorter texts found elsewhere are a coincidence ("Yes.").
_MOVED_WORDS = 3
_MOVED_AND_CHANGED_WORDS = 6


@dataclass(frozen=True, slots=True)
class _Unit:
    """A head (`segment` is None) or a segment of a block, on one side.

    `joined`: the segment consists of several that correspond to a single one on the other side.
    """

    block: Block
    segment: Segment | None
    joined: bool = False

    @property
    def item(self) -> Item:
        if self.segment is None:
            return Item(f"\0{self.block.key}", False)
        return Item(self.segment.raw, self.segment.content)


def text_of(block: Block) -> str:
    """Return the running text of a block, empty if it has none."""
    return block.text if isinstance(block, ProseBlock) else ""


def body_units(
    old: Sequence[Block],
    new: Sequence[Block],
    *,
    head_fields: Callable[[Block, Block], tuple[FieldDiff, ...]],
    paragraphs_only: bool,
) -> tuple[BodyUnit, ...]:
    """Compare two bodies; return one sequence of units in the order of display."""
    return _Body(old, new, head_fields, paragraphs_only).run()


class _Body:
    def __init__(
        self,
        old: Sequence[Block],
        new: Sequence[Block],
        head_fields: Callable[[Block, Block], tuple[FieldDiff, ...]],
        paragraphs_only: bool,
    ) -> None:
        self.old, self.new = _rejoined(_flat(old), _flat(new))
        self.head_fields = head_fields
        self.paragraphs_only = paragraphs_only
        self.numbers: dict[tuple[str, int, int], int] = {}
        self.old_block, self.new_block = _block_numbers(self.old), _block_numbers(self.new)

    def run(self) -> tuple[BodyUnit, ...]:
        old_items, new_items = [unit.item for unit in self.old], [unit.item for unit in self.new]
        pairs = align(old_items, new_items, at_least=_ALIKE_IN_PLACE)
        moves = self._moves(old_items, new_items, pairs)
        partner = {j: i for i, j in pairs}
        self._number_elements(pairs + moves)
        moved_from = {j: i for i, j in moves}
        moved_to = dict(moves)
        paired = {i for i, _ in pairs}
        # A removed unit follows the unit that preceded it on the old side.
        removed: defaultdict[int, list[BodyUnit]] = defaultdict(list)
        anchor = -1
        for i in range(len(self.old)):
            if i in paired:
                anchor = i
            else:
                removed[anchor].append(self._removed(i, moved_to.get(i)))
        units = removed[-1]
        for j in range(len(self.new)):
            if j in partner:
                units.append(self._unit(partner[j], j, moved=False))
                units += removed[partner[j]]
            elif j in moved_from:
                units.append(self._unit(moved_from[j], j, moved=True))
            else:
                units.append(self._inserted(j))
        return tuple(units)

    def _moves(
        self, old_items: list[Item], new_items: list[Item], pairs: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        paired_old, paired_new = {i for i, _ in pairs}, {j for _, j in pairs}
        olds = [i for i in range(len(self.old)) if i not in paired_old]
        news = [j for j in range(len(self.new)) if j not in paired_new]
        moves: list[tuple[int, int]] = []
        if not olds or not news:
            return moves
        heads = {self.new[j].block.key: j for j in news if self.new[j].segment is None}
        keys = ((i, self.old[i].block.key) for i in olds if self.old[i].segment is None)
        moves += [(i, heads[key]) for i, key in keys if key in heads]
        old_words = {i: len(word_list(old_items[i].raw)) for i in olds if old_items[i].content}
        new_words = {j: len(word_list(new_items[j].raw)) for j in news if new_items[j].content}
        places: defaultdict[str, list[int]] = defaultdict(list)
        for j in reversed(news):
            if new_words.get(j, 0) >= _MOVED_WORDS:
                places[" ".join(new_items[j].raw.split())].append(j)
        for i, words in old_words.items():
            same = places.get(" ".join(old_items[i].raw.split()))
            if words >= _MOVED_WORDS and same:
                moves.append((i, same.pop()))
        return moves + self._changed_moves(old_items, new_items, old_words, new_words, moves)

    def _changed_moves(
        self,
        old_items: list[Item],
        new_items: list[Item],
        old_words: dict[int, int],
        new_words: dict[int, int],
        moves: list[tuple[int, int]],
    ) -> list[tuple[int, int]]:
        used_old, used_new = {i for i, _ in moves}, {j for _, j in moves}
        enough = _MOVED_AND_CHANGED_WORDS
        olds = [i for i, words in old_words.items() if i not in used_old and words >= enough]
        news = [j for j, words in new_words.items() if j not in used_new and words >= enough]
        found = similar(
            [old_items[i].raw for i in olds], [new_items[j].raw for j in news], at_least=_ALIKE_ELSEWHERE
        )
        result = []
        for pair in sorted(found, key=lambda pair: (-pair.score, pair.old, pair.new)):
            i, j = olds[pair.old], news[pair.new]
            if i not in used_old and j not in used_new:
                used_old.add(i)
                used_new.add(j)
                result.append((i, j))
        return result

    def _unit(self, i: int, j: int, *, moved: bool) -> BodyUnit:
        old, new = self.old[i], self.new[j]
        if old.segment is None or new.segment is None:
            return self._head(old.block, new.block, i, j, moved)
        raw = new.segment.raw
        changes: tuple[WordOp, ...] = ()
        elements = _elements(old.segment)
        tagged = new.segment.content and (elements != _elements(new.segment) or old.joined or new.joined)
        if old.segment.raw != raw:
            changes = self._word_ops(old.segment.raw, raw)
        op = Op.MOVE if moved else Op.CHANGE if changes or tagged else Op.EQUAL
        return TextUnit(
            op=op,
            kind=new.block.kind,
            old_key=old.block.key,
            new_key=new.block.key,
            path=self._path("new", self.new_block[j], new.segment),
            markup=not new.segment.content,
            tagged=tagged,
            old_elements=tuple(elements) if tagged else (),
            raw="" if changes else raw,
            changes=changes,
            old_index=i,
            new_index=j,
        )

    def _word_ops(self, old: str, new: str) -> tuple[WordOp, ...]:
        if self.paragraphs_only:
            return (WordOp(Op.DELETE, pieces(old)), WordOp(Op.INSERT, pieces(new)))
        return word_ops(old, new)

    def _head(self, old: Block, new: Block, i: int, j: int, moved: bool) -> BlockUnit:
        before, after = without_text(old), without_text(new)
        changed = self.head_fields(before, after) if before != after else ()
        op = Op.MOVE if moved else Op.CHANGE if before != after else Op.EQUAL
        if before == after:
            before = after
        return BlockUnit(op=op, old=before, new=after, fields=changed, old_index=i, new_index=j)

    def _removed(self, i: int, target: int | None) -> BodyUnit:
        """Return the unit for what only the old side has at this place: deleted, or moved to `target` in the new."""
        unit = self.old[i]
        moved = target is not None
        op = Op.MOVED_AWAY if moved else Op.DELETE
        if unit.segment is None:
            return BlockUnit(op=op, old=without_text(unit.block), new=None, old_index=i, new_index=target)
        return TextUnit(
            op=op,
            kind=unit.block.kind,
            old_key=unit.block.key,
            new_key=None,
            path=self._path("old", self.old_block[i], unit.segment),
            markup=not unit.segment.content,
            raw="" if moved else unit.segment.raw,
            old_index=i,
            new_index=target,
        )

    def _inserted(self, j: int) -> BodyUnit:
        unit = self.new[j]
        if unit.segment is None:
            return BlockUnit(
                op=Op.INSERT, old=None, new=without_text(unit.block), old_index=None, new_index=j
            )
        return TextUnit(
            op=Op.INSERT,
            kind=unit.block.kind,
            old_key=None,
            new_key=unit.block.key,
            path=self._path("new", self.new_block[j], unit.segment),
            markup=not unit.segment.content,
            raw=unit.segment.raw,
            old_index=None,
            new_index=j,
        )

    def _number_elements(self, pairs: list[tuple[int, int]]) -> None:
        """Give the elements around paired texts the numbers of their counterparts on the new side."""
        for i, j in pairs:
            old, new = self.old[i].segment, self.new[j].segment
            if old is None or new is None or not new.content:
                continue
            for before, after in zip(old.path, new.path, strict=False):
                if before.tag != after.tag:
                    break
                number = self._number("new", self.new_block[j], after)
                self.numbers.setdefault(("old", self.old_block[i], before.number), number)

    def _number(self, which: str, block: int, element: Ancestor) -> int:
        return self.numbers.setdefault((which, block, element.number), len(self.numbers))

    def _path(self, which: str, block: int, segment: Segment) -> tuple[Ancestor, ...]:
        """Return the elements around a text, numbered for both sides.

        Markup units get none: they do not need them, and can be deeply nested.
        """
        if not segment.content:
            return ()
        return tuple(element._replace(number=self._number(which, block, element)) for element in segment.path)


def _flat(blocks: Sequence[Block]) -> list[_Unit]:
    units = []
    for block in blocks:
        units.append(_Unit(block, None))
        units += (_Unit(block, segment) for segment in segments(text_of(block)))
    return units


def _rejoined(old: list[_Unit], new: list[_Unit]) -> tuple[list[_Unit], list[_Unit]]:
    """Return both sides, with paragraphs merged that are a single one on the other side."""
    joined = joined_paragraphs(
        [unit.item for unit in old], [unit.item for unit in new], _places(old), _places(new)
    )
    return _join_units(old, joined[0]), _join_units(new, joined[1])


def _places(units: list[_Unit]) -> list[Hashable]:
    """Return a value for each unit, equal for paragraphs of one block, inside a quotation or outside."""
    places: list[Hashable] = []
    for number, unit in zip(_block_numbers(units), units, strict=True):
        tags = [element.tag for element in unit.segment.path] if unit.segment else ["tr"]
        places.append(None if "tr" in tags else (number, "blockquote" in tags))
    return places


def _join_units(units: list[_Unit], joined: list[range]) -> list[_Unit]:
    if not joined:
        return units
    result = []
    for stretch in stretched(len(units), joined):
        unit = units[stretch.start]
        if len(stretch) > 1 and unit.segment is not None:
            raw = "".join(units[number].item.raw for number in stretch)
            unit = _Unit(unit.block, unit.segment._replace(raw=raw), joined=True)
        result.append(unit)
    return result


def _block_numbers(units: list[_Unit]) -> list[int]:
    number = -1
    numbers = []
    for unit in units:
        number += unit.segment is None
        numbers.append(number)
    return numbers


def _elements(segment: Segment) -> list[str]:
    """Return the elements around a text as far as they are visible: blocks by name, inline elements as written."""
    return [element.tag if element.tag in BLOCK_TAGS else element.raw for element in segment.path]

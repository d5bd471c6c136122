"""Apply edits to a paragraph where the other side has moved it.

Whoever inserts a quote into running text splits a block in two: half of its paragraphs are in a new block from then
on. To the other side's edit of one of them, the paragraph would look deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from stories.domain.merge.text import ALIKE, items
from stories.domain.snapshot import Block, ProseBlock
from stories.domain.text.alignment import Item, align
from stories.domain.text.segments import word_list

# Shorter paragraphs can't be traced reliably.
_WORDS = 3


class _Paragraph(NamedTuple):
    key: UUID
    number: int


def carry_edits(
    base: Sequence[Block], mover: Sequence[Block], editor: Sequence[Block]
) -> tuple[list[Block], list[Block]]:
    """Return both sides, with the editor's changes applied where the mover put a paragraph into another block.

    Only for paragraphs that occur once in the base and once on the mover's side.
    """
    if base in (mover, editor):
        return list(mover), list(editor)
    bases, movers, editors = _texts(base), _texts(mover), _texts(editor)
    pairs = {key: _paired(bases[key], editors[key]) for key in bases.keys() & editors.keys()}
    for raw, here, there in _moved(bases, movers, editors):
        place = pairs[here.key].get(here.number)
        if place is None:
            continue
        now = editors[here.key][place]
        if now.raw != raw:
            editors[here.key][place] = bases[here.key][here.number]
            movers[there.key][there.number] = now
    return _rebuilt(mover, movers), _rebuilt(editor, editors)


def _moved(
    bases: dict[UUID, list[Item]], movers: dict[UUID, list[Item]], editors: dict[UUID, list[Item]]
) -> Iterator[tuple[str, _Paragraph, _Paragraph]]:
    """Yield paragraphs that only the mover took out of one block and put into another, with both places."""
    before, after, edited = _places(bases), _places(movers), _places(editors)
    stayed = {key: _paired(bases[key], movers[key]) for key in bases.keys() & movers.keys()}
    for raw, (here, *more) in before.items():
        there = after.get(raw, [])
        if more or len(there) != 1 or there[0].key == here.key or raw in edited:
            continue
        if here.key not in editors or len(word_list(raw)) < _WORDS:
            continue
        if here.number not in stayed.get(here.key, {}):
            yield raw, here, there[0]


def _texts(blocks: Sequence[Block]) -> dict[UUID, list[Item]]:
    return {block.key: items(block.text) for block in blocks if isinstance(block, ProseBlock)}


def _places(texts: dict[UUID, list[Item]]) -> dict[str, list[_Paragraph]]:
    places: defaultdict[str, list[_Paragraph]] = defaultdict(list)
    for key, found in texts.items():
        for number, item in enumerate(found):
            if item.content:
                places[item.raw].append(_Paragraph(key, number))
    return places


def _paired(base: list[Item], side: list[Item]) -> dict[int, int]:
    return dict(align(base, side, at_least=ALIKE))


def _rebuilt(blocks: Sequence[Block], texts: dict[UUID, list[Item]]) -> list[Block]:
    return [
        replace(block, text="".join(item.raw for item in texts[block.key]))
        if isinstance(block, ProseBlock)
        else block
        for block in blocks
    ]

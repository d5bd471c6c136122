"""Restructure the body: split a block, join it with the next, turn a text into a quote or a quote into a text.

Of the pieces of a split block, the first keeps its key and its history; the others get new keys. A block that becomes
another kind keeps its key, and of two joined blocks the first one's key remains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from uuid import UUID

from stories.domain.snapshot import Block, QuoteBlock, TextBlock
from stories.domain.text.split import LostMarkup, as_quotation, cut, has_table, has_words, paragraphs

NewKey = Callable[[int], UUID]


class Obstacle(StrEnum):
    """Why blocks can't be split, joined or converted."""

    GONE = "gone"
    NO_WORDS = "no-words"
    NOTHING_BEFORE = "nothing-before"
    NOTHING_AFTER = "nothing-behind"
    NO_NEXT = "no-next"
    UNLIKE = "unlike"
    TWO_SPEAKERS = "two-speakers"
    TABLE = "table"


class CannotSplitOrJoin(Exception):
    """The body was left as it was."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitJoinResult:
    """The new body; the block to show next; what was lost: markup, and a quote's fields (names and values)."""

    blocks: tuple[Block, ...]
    key: UUID
    lost: tuple[LostMarkup, ...] = ()
    fields_lost: tuple[tuple[str, object], ...] = ()


def split(
    blocks: Sequence[Block], key: UUID, paragraph: int, characters: int, new_key: NewKey
) -> SplitJoinResult:
    """Split a text or a quote in two at a place in it (see `text.split.cut`); both halves of a quote name its speaker.

    Raise CannotSplitOrJoin if either half would have no words.
    """
    place, block = _text_or_quote(blocks, key)
    first, second = cut(block.text, paragraph, characters)
    if not has_words(first):
        raise CannotSplitOrJoin(Obstacle.NOTHING_BEFORE)
    if not has_words(second):
        raise CannotSplitOrJoin(Obstacle.NOTHING_AFTER)
    new = replace(block, key=new_key(0), text=second)
    return SplitJoinResult(blocks=_replaced(blocks, place, replace(block, text=first), new), key=new.key)


def join(blocks: Sequence[Block], key: UUID) -> SplitJoinResult:
    """Append the next block's words to a block, and remove the next block.

    Raise CannotSplitOrJoin if no block of the same kind follows, or a quote of another person.
    """
    place, block = _text_or_quote(blocks, key)
    if place + 1 == len(blocks):
        raise CannotSplitOrJoin(Obstacle.NO_NEXT)
    following = blocks[place + 1]
    if isinstance(block, TextBlock) and isinstance(following, TextBlock):
        joined: Block = replace(block, text=block.text + following.text)
    elif isinstance(block, QuoteBlock) and isinstance(following, QuoteBlock):
        joined = _one_speaker(block, following)
    else:
        raise CannotSplitOrJoin(Obstacle.UNLIKE)
    return SplitJoinResult(blocks=(*blocks[:place], joined, *blocks[place + 2 :]), key=key)


def make_quote(
    blocks: Sequence[Block],
    key: UUID,
    new_key: NewKey,
    *,
    first: int = 0,
    last: int | None = None,
) -> SplitJoinResult:
    """Turn a text into a quote: all of it, or its paragraphs from `first` to `last`, counted from 0.

    Text before and after remains text. The speaker is left to be filled in. Raise CannotSplitOrJoin if the paragraphs
    have no words, or contain a table.
    """
    place, block = _text_or_quote(blocks, key)
    if not isinstance(block, TextBlock):
        raise CannotSplitOrJoin(Obstacle.UNLIKE)
    found = paragraphs(block.text)
    end = len(found) if last is None else last + 1
    before, quoted, after = ("".join(part) for part in (found[:first], found[first:end], found[end:]))
    if not has_words(quoted):
        raise CannotSplitOrJoin(Obstacle.NO_WORDS)
    if has_table(quoted):
        raise CannotSplitOrJoin(Obstacle.TABLE)
    words, lost = as_quotation(quoted)
    pieces: list[Block] = []
    for kind, text in ((TextBlock, before), (QuoteBlock, words), (TextBlock, after)):
        if has_words(text):
            pieces.append(kind(key=new_key(len(pieces)) if pieces else key, text=text))
    quote_key = next(piece.key for piece in pieces if isinstance(piece, QuoteBlock))
    return SplitJoinResult(blocks=_replaced(blocks, place, *pieces), key=quote_key, lost=lost)


def make_text(blocks: Sequence[Block], key: UUID) -> SplitJoinResult:
    """Turn a quote into running text; its attribution is dropped, and returned in the result."""
    place, block = _text_or_quote(blocks, key)
    if not isinstance(block, QuoteBlock):
        raise CannotSplitOrJoin(Obstacle.UNLIKE)
    dropped = tuple((name, value) for name, value in _attribution(block).items() if value)
    text = TextBlock(key=key, text=block.text)
    return SplitJoinResult(blocks=_replaced(blocks, place, text), key=key, fields_lost=dropped)


def _text_or_quote(blocks: Sequence[Block], key: UUID) -> tuple[int, TextBlock | QuoteBlock]:
    for place, block in enumerate(blocks):
        if block.key == key and isinstance(block, TextBlock | QuoteBlock):
            return place, block
    raise CannotSplitOrJoin(Obstacle.GONE)


def _replaced(blocks: Sequence[Block], place: int, *new: Block) -> tuple[Block, ...]:
    return (*blocks[:place], *new, *blocks[place + 1 :])


def _attribution(block: QuoteBlock) -> dict[str, object]:
    return {
        field.name: getattr(block, field.name) for field in fields(block) if field.name not in ("key", "text")
    }


def _one_speaker(block: QuoteBlock, following: QuoteBlock) -> QuoteBlock:
    attribution, next_attribution = _attribution(block), _attribution(following)
    if attribution != next_attribution and any(attribution.values()) and any(next_attribution.values()):
        raise CannotSplitOrJoin(Obstacle.TWO_SPEAKERS)
    named = block if any(attribution.values()) else following
    return replace(named, key=block.key, text=block.text + following.text)

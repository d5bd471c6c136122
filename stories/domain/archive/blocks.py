"""The body of an archived version as blocks, each with the key that it has had since it first appeared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID, uuid5

from rapidfuzz.distance import LCSseq

from stories.domain.archive.body import BodyRefused, parse_body
from stories.domain.archive.pieces import BodyPiece, EmbedPiece, ImagePiece, QuotePiece, TextPiece
from stories.domain.archive.schema import describe_place
from stories.domain.archive.stories import ArchivedVersion, ArchiveError, date_of
from stories.domain.snapshot import BLOCK_KINDS, Block, EmbedBlock, ImageBlock, QuoteBlock, TextBlock

# Keys are derived from the archive's content, so that every site that imports it has the same ones.
_NAMESPACE: Final = UUID("6f0c1d0e-55d1-5f0b-9a2b-0a4b5fd5b6a7")
# How much two blocks must have in common, 0 to 1, for one to be an edit of the other.
_ALIKE: Final = 0.3
# Beyond this many comparisons, blocks are paired by their order alone.
_MAX_COMPARED: Final = 400
# The fields that are dates, which an archive writes as text.
_DATES: Final = {
    kind: tuple(name for name, hint in get_type_hints(kind).items() if date in get_args(hint))
    for kind in BLOCK_KINDS.values()
}


@dataclass(frozen=True, slots=True)
class VersionBlocks:
    """The blocks of a version, and what was removed from its HTML."""

    blocks: tuple[Block, ...]
    removed: Counter[str]


def derived_key(*names: object) -> UUID:
    """Return the key derived from names: a story's slug, then the thing's own key or its position."""
    return uuid5(_NAMESPACE, "\n".join(str(name) for name in names))


def given_key(slug: str, key: str) -> UUID:
    """Return the key that an archive gives: a UUID as it is, any other text as a key within its story."""
    try:
        return UUID(key)
    except ValueError:
        return derived_key(slug, "key", key)


def blocks_of(version: ArchivedVersion, *, slug: str, index: int, before: Sequence[Block]) -> VersionBlocks:
    """Return the blocks of a story's version at `index` (from 0); `before` are the blocks of the version before.

    Raise ArchiveError for a body or a block that can't be read.
    """
    place = describe_place("versions", index)
    if version.blocks is not None:
        given = tuple(
            _given_block(data, slug, f"{place}, block {number}")
            for number, data in enumerate(version.blocks, start=1)
        )
        return VersionBlocks(given, Counter())
    try:
        body = parse_body(version.body, version.language)
    except BodyRefused as refusal:
        raise ArchiveError(f"{place}, “body”: {refusal}") from None
    fresh = [
        _block(piece, derived_key(slug, index + 1, number))
        for number, piece in enumerate(body.pieces, start=1)
    ]
    return VersionBlocks(tuple(aligned(before, fresh)), body.removed)


def block_entry(block: Block) -> dict[str, Any]:
    """Return a block as the archive writes it: its type, its key and every field."""
    values = {field.name: getattr(block, field.name) for field in fields(block) if field.name != "key"}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {"type": block.kind, "key": str(block.key), **plain}


def aligned(before: Sequence[Block], fresh: Sequence[Block]) -> Iterator[Block]:
    """Yield the fresh blocks; those that match a block of `before`, unchanged or edited, get its key."""
    keys: dict[int, UUID] = {}
    for kind in BLOCK_KINDS.values():
        old = [block for block in before if type(block) is kind]
        new = [(index, block) for index, block in enumerate(fresh) if type(block) is kind]
        if old and new:
            for position, match in _matches(old, [block for _index, block in new]):
                keys[new[position][0]] = old[match].key
    for index, block in enumerate(fresh):
        yield replace(block, key=keys.get(index, block.key))


def _given_block(data: Mapping[str, Any], slug: str, place: str) -> Block:
    values = {name: value for name, value in data.items() if name not in ("type", "key")}
    kind = BLOCK_KINDS[data["type"]]
    for name in _DATES[kind]:
        if values.get(name):
            values[name] = date_of(values[name], f"{place}, “{name}”")
    return kind(key=given_key(slug, data["key"]), **values)


def _block(piece: BodyPiece, key: UUID) -> Block:
    match piece:
        case TextPiece():
            return TextBlock(key=key, text=piece.text)
        case QuotePiece():
            return QuoteBlock(key=key, text=piece.text, speaker=piece.speaker, source_url=piece.source_url)
        case ImagePiece():
            return ImageBlock(key=key, address=piece.address, alt_text=piece.alt_text, caption=piece.caption)
        case EmbedPiece():
            return EmbedBlock(key=key, address=piece.address)


def _matches(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices (new, old) of blocks of one kind: equal ones first, then the most similar."""
    free_old, free_new = dict.fromkeys(range(len(old))), dict.fromkeys(range(len(new)))
    for pairs in (_equal_in_order, _equal_anywhere, _alike, _unmatched_text):
        for position, match in list(pairs(old, new, list(free_old), list(free_new))):
            if position in free_new and match in free_old:
                del free_new[position], free_old[match]
                yield position, match


def _content(block: Block) -> tuple[object, ...]:
    return tuple(getattr(block, field.name) for field in fields(block) if field.name != "key")


_Pairs = Iterable[tuple[int, int]]


def _equal_in_order(
    old: Sequence[Block], new: Sequence[Block], free_old: list[int], free_new: list[int]
) -> _Pairs:
    numbers: defaultdict[tuple[object, ...], int] = defaultdict(lambda: len(numbers))
    before = [numbers[_content(old[index])] for index in free_old]
    after = [numbers[_content(new[index])] for index in free_new]
    for step in LCSseq.opcodes(before, after):
        if step.tag == "equal":
            for offset in range(step.src_end - step.src_start):
                yield free_new[step.dest_start + offset], free_old[step.src_start + offset]


def _equal_anywhere(
    old: Sequence[Block], new: Sequence[Block], free_old: list[int], free_new: list[int]
) -> _Pairs:
    by_content: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index in reversed(free_old):
        by_content[_content(old[index])].append(index)
    for position in free_new:
        found = by_content.get(_content(new[position]))
        if found:
            yield position, found.pop()


def _alike(old: Sequence[Block], new: Sequence[Block], free_old: list[int], free_new: list[int]) -> _Pairs:
    if len(free_old) * len(free_new) > _MAX_COMPARED:
        return list(zip(free_new, free_old, strict=False))
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers))
    words_old = {index: [numbers[word] for word in old[index].matching_words()] for index in free_old}
    words_new = {index: [numbers[word] for word in new[index].matching_words()] for index in free_new}
    scored = [
        (-_likeness(words_old[match], words_new[position]), abs(position - match), position, match)
        for position in free_new
        for match in free_old
    ]
    return [(position, match) for score, _far, position, match in sorted(scored) if -score >= _ALIKE]


def _unmatched_text(
    old: Sequence[Block], new: Sequence[Block], free_old: list[int], free_new: list[int]
) -> _Pairs:
    """Pair the remaining text blocks in order: running text rewritten from end to end is still the running text."""
    return zip(free_new, free_old, strict=False) if type(new[0]) is TextBlock else ()


def _likeness(old: list[int], new: list[int]) -> float:
    """Return how much both sequences have in common in the same order, from 0 to 1."""
    if not old or not new:
        return 0.0
    return float(2 * LCSseq.similarity(old, new) / (len(old) + len(new)))

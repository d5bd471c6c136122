"""Summarise a difference as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from stories.domain.diff.data import BlockUnit, BodyUnit, FieldDiff, Op, PartDiff, Summary, TextUnit, WordOp
from stories.domain.snapshot import CommentRequest, RequestStatus, TextBlock
from stories.domain.text.segments import count_words

_ENDINGS = {Op.INSERT: "added", Op.DELETE: "removed", Op.CHANGE: "changed", Op.MOVE: "changed"}


def summarize(
    fields: Sequence[FieldDiff],
    bylines: Sequence[PartDiff],
    requests: Sequence[PartDiff],
    notes: Sequence[PartDiff],
    body: Sequence[BodyUnit],
) -> Summary:
    """Return the counts that describe to a reader or an auditor how much changed."""
    counts: Counter[str] = Counter()
    blocks: Counter[tuple[str, str]] = Counter()
    before: BodyUnit | None = None
    for unit in body:
        if isinstance(unit, BlockUnit):
            _count_head(blocks, unit)
        elif unit.visible:
            _count_text(counts, unit)
        if not unit.visible and (unit.kind == "text" if isinstance(unit, BlockUnit) else unit.markup):
            continue
        # Neighbours that moved together, such as a block and its paragraphs, are one move.
        if unit.op is Op.MOVE and (before is None or before.op is not Op.MOVE):
            counts["moves"] += 1
        if unit.op is not Op.MOVED_AWAY:
            before = unit
    counts["bylines_changed"] = sum(part.moved or part.op is not Op.EQUAL for part in bylines)
    _count_requests(counts, requests)
    for note in notes:
        if note.op is not Op.EQUAL:
            counts[f"notes_{_ENDINGS[note.op]}"] += 1
    changed_fields = tuple(field.name for field in fields if field.changed)
    return Summary(fields=changed_fields, blocks=dict(blocks), **counts)


def replaced_words(words: Iterable[WordOp]) -> tuple[int, int, int]:
    """Return how many words of a word diff were added, removed, and replaced by others."""
    added = removed = changed = 0
    deleted = 0
    for op in words:
        texts = () if op.op is Op.EQUAL else (piece.text for piece in op.pieces if not piece.tag)
        count = sum(count_words(text) for text in texts)
        if op.op is Op.DELETE:
            removed += count
            deleted = count
            continue
        if op.op is Op.INSERT:
            both = min(deleted, count)
            changed += both
            removed -= both
            added += count - both
        deleted = 0
    return added, removed, changed


def _count_head(counts: Counter[tuple[str, str]], unit: BlockUnit) -> None:
    if unit.old and unit.new and unit.old.kind != unit.new.kind and unit.op is not Op.MOVED_AWAY:
        for block, ending in ((unit.old, "removed"), (unit.new, "added")):
            if not isinstance(block, TextBlock):
                counts[block.kind, ending] += 1
    elif unit.visible and not isinstance(unit.block, TextBlock) and (unit.op is not Op.MOVE or unit.fields):
        counts[unit.kind, _ENDINGS[unit.op]] += 1


def _count_text(counts: Counter[str], unit: TextUnit) -> None:
    if unit.op is Op.INSERT:
        counts["paragraphs_added"] += 1
    elif unit.op is Op.DELETE:
        counts["paragraphs_removed"] += 1
    elif unit.tagged or any(op.op is not Op.EQUAL and op.visible for op in unit.changes):
        counts["paragraphs_changed"] += 1
    added, removed, changed = replaced_words(unit.words)
    counts["words_added"] += added
    counts["words_removed"] += removed
    counts["words_changed"] += changed


def _count_requests(counts: Counter[str], requests: Sequence[PartDiff]) -> None:
    for part in requests:
        if part.op is Op.EQUAL:
            continue
        was_open, is_open = is_open_request(part.old), is_open_request(part.new)
        if is_open and not was_open:
            counts["requests_opened"] += 1
        elif was_open and not is_open:
            counts["requests_closed"] += 1
        else:
            counts["requests_changed"] += 1


def is_open_request(part: object) -> bool:
    return isinstance(part, CommentRequest) and part.status is RequestStatus.PENDING

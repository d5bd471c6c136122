"""Render the comparison of two bodies: changes in place, unchanged parts folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stories.block_labels import BLOCK_LABELS
from stories.domain.diff.compare import BlockUnit, BodyUnit, Op, TextUnit, WordOp
from stories.domain.diff.data import pieces
from stories.domain.snapshot import QuoteBlock, TextBlock
from stories.domain.text.segments import Ancestor, tag_name
from stories.rendering.compare.fields import FieldChange, field_changes
from stories.rendering.compare.words import changes_cells, marked
from stories.rendering.story.blocks import PictureAddress, render_block

# Brackets in people's text are escaped, so a tag ends at its first ">".
_ID = re.compile(r'(<[a-z][a-z0-9]*(?: [^<>]*?)?) id="([^"<>]*)"')
# How many unchanged pieces remain visible on either side of a change.
CONTEXT = 1


@dataclass
class Chunk:
    """What is folded or displayed as a whole: a paragraph, a list, a quote, a picture. `count` is its paragraphs."""

    html: SafeString
    changed: bool
    count: int = 1


@dataclass(frozen=True)
class Stretch:
    """Neighbouring chunks that are all displayed, or all folded."""

    html: SafeString
    folded: bool
    count: int


@dataclass
class _Group:
    """Units that are rendered together: a quote with its head, or the texts under one element."""

    head: BlockUnit | None = None
    texts: list[TextUnit] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        units: list[BodyUnit] = [*self.texts]
        if self.head is not None:
            units.append(self.head)
        return any(unit.visible or unit.op is Op.MOVED_AWAY for unit in units)


def stretches(body: Iterable[BodyUnit], picture_address: PictureAddress) -> list[Stretch]:
    """Render a body's units, in the order of display; unchanged neighbours are folded together."""
    chunks = [_chunk(group, picture_address) for group in _groups(body)]
    near: set[int] = set()
    for index, chunk in enumerate(chunks):
        if chunk.changed:
            near.update(range(index - CONTEXT, index + CONTEXT + 1))
    result: list[Stretch] = []
    anchors: set[str] = set()
    for apart, run in groupby(enumerate(chunks), key=lambda entry: entry[0] not in near):
        together = [chunk for _, chunk in run]
        # Folding a single paragraph would save nothing and hide it.
        folded = apart and (len(together) > 1 or len(chunks) == 1)
        html = _once_each("".join(chunk.html for chunk in together), anchors)
        result.append(Stretch(html, folded, sum(chunk.count for chunk in together)))
    return result


def _once_each(html: str, known: set[str]) -> SafeString:
    """Remove ids from HTML that are in `known`, and add the others to `known`.

    The old and the new text may both have an id.
    """

    def without_repeated_id(match: re.Match[str]) -> str:
        if match[2] in known:
            return match[1]
        known.add(match[2])
        return match[0]

    return mark_safe(_ID.sub(without_repeated_id, html))


def _groups(body: Iterable[BodyUnit]) -> Iterable[_Group]:
    group: _Group | None = None
    for unit in body:
        if isinstance(unit, BlockUnit):
            if isinstance(unit.block, TextBlock) and not unit.fields:
                # The frame of running text is invisible: its paragraphs report their own changes.
                continue
            if group is not None:
                yield group
            group = _Group(head=unit)
        elif unit.markup:
            continue
        elif group is not None and _belongs(unit, group):
            group.texts.append(unit)
        else:
            if group is not None:
                yield group
            group = _Group(texts=[unit])
    if group is not None:
        yield group


def _belongs(unit: TextUnit, group: _Group) -> bool:
    if unit.kind == QuoteBlock.kind:
        if group.texts:
            return group.texts[-1].key == unit.key
        return group.head is not None and group.head.block.key == unit.key
    if not group.texts or group.texts[-1].kind != unit.kind or not unit.path:
        return False
    last = group.texts[-1].path
    # A paragraph is displayed by itself; what is in one list or table is displayed together.
    return bool(last) and last[0].number == unit.path[0].number


def _chunk(group: _Group, picture_address: PictureAddress) -> Chunk:
    texts = mark_safe("".join(_nested(group.texts)))
    count = max(len(group.texts), 1)
    head = group.head
    if head is None:
        if group.texts[0].kind != QuoteBlock.kind:
            return Chunk(texts, group.changed, count)
        html = render_to_string("stories/partials/compared_quote.html", {"text": texts})
        return Chunk(html, group.changed, count)
    if head.op is Op.MOVED_AWAY:
        return Chunk(format_html('<p class="moved">{}</p>', _away(head.kind)) + texts, True, count)
    changes: list[FieldChange] = []
    if head.op not in (Op.INSERT, Op.DELETE):
        changes = field_changes(head.fields)
    context = {"block": head.block, "label": _label(head), "op": head.op, "changes": changes}
    if head.kind == QuoteBlock.kind:
        html = render_to_string("stories/partials/compared_quote.html", {**context, "text": texts})
    else:
        rendered = SafeString()
        if not isinstance(head.block, TextBlock):
            rendered = render_block(head.block, picture_address=picture_address)
        html = render_to_string("stories/partials/compared_block.html", {**context, "rendered": rendered})
        html += texts
    return Chunk(html, group.changed, count)


def _label(head: BlockUnit) -> str:
    """Return what happened to a quote, picture or link card, in two words; "" if nothing did."""
    labels = BLOCK_LABELS[head.kind]
    names = {Op.MOVE: _("Moved here"), Op.INSERT: labels.inserted, Op.DELETE: labels.deleted}
    return str(names.get(head.op, ""))


def _away(kind: str) -> str:
    return str(BLOCK_LABELS[kind].moved_away)


def _nested(units: Sequence[TextUnit]) -> Iterable[str]:
    """Yield texts with the elements around them, opening and closing these as the next text needs."""
    opened: list[Ancestor] = []
    for unit in units:
        path = unit.path
        common = 0
        while common < min(len(path), len(opened)) and path[common].number == opened[common].number:
            common += 1
        yield from (f"</{tag_name(ancestor.raw)}>" for ancestor in reversed(opened[common:]))
        yield from (ancestor.raw for ancestor in path[common:])
        opened = list(path)
        yield from _inside(unit, bare=not path)
    yield from (f"</{tag_name(ancestor.raw)}>" for ancestor in reversed(opened))


def _inside(unit: TextUnit, *, bare: bool) -> Iterable[str]:
    if unit.op is Op.MOVED_AWAY:
        yield format_html('<span class="moved">{}</span>', _away("text"))
        return
    row = bool(unit.path) and unit.path[-1].tag == "tr"
    if row:
        yield from _row(unit)
        return
    rule = all(tag_name(piece.text) == "hr" for op in unit.words for piece in op.pieces)
    if bare and not rule:
        yield "<p>"
    if unit.op is Op.MOVE:
        yield format_html('<span class="moved">{}</span> ', _("Moved here"))
    elif unit.tagged:
        yield format_html('<small class="markup-change">{}</small> ', _("[set differently]"))
    yield marked(unit.words)
    if bare and not rule:
        yield "</p>"


def _row(unit: TextUnit) -> Iterable[str]:
    if not changes_cells(unit.words) or unit.op in (Op.INSERT, Op.DELETE):
        yield marked(unit.words, in_row=True)
        return
    yield marked((WordOp(Op.DELETE, pieces(unit.old_text)),), in_row=True)
    yield "</tr>"
    yield unit.path[-1].raw
    yield marked((WordOp(Op.INSERT, pieces(unit.new_text)),), in_row=True)

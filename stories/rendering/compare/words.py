"""Render changed words: insertions and deletions in place, marked by more than their look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stories.domain.diff.compare import Op, Piece, WordOp
from stories.domain.text.segments import BLOCK_TAGS, tag_name

_HREF = re.compile(r'\shref="([^"]*)"')
_ELEMENTS = {Op.INSERT: "ins", Op.DELETE: "del"}
_VOID = frozenset({"br", "hr", "wbr"})
_CELLS = frozenset({"td", "th"})


def marked(words: Sequence[WordOp], *, in_row: bool = False) -> SafeString:
    """Render rich text with its changes marked, without the block-level tags around it.

    `in_row`: the text is a table row, whose cells remain.
    """
    whole = all(op.op is Op.DELETE for op in words)
    writer = _Writer()
    breaks = False
    for op, note in _noted(words):
        if op.op is Op.DELETE and not op.visible and not whole:
            continue
        kind = op.op if op.visible else Op.EQUAL
        for piece in op.pieces:
            if not piece.tag:
                if breaks and not piece.text.isspace():
                    writer.tag("<br>")
                    breaks = False
                # Words of which only the markup changed are not marked as inserted: the note after them explains the
                # change.
                writer.write(piece.text, piece.marks, Op.EQUAL if note else kind)
                continue
            name = tag_name(piece.text)
            if not in_row and not whole and op.op is not Op.DELETE and name in BLOCK_TAGS - _VOID:
                # One of several paragraphs that correspond to a single one on the other side.
                breaks = breaks or bool(writer.parts)
                continue
            if (op.op is not Op.DELETE or whole) and (name in _VOID or (in_row and name != "tr")):
                writer.tag(piece.text)
        if note:
            writer.close()
            writer.tag(format_html(' <small class="markup-change">{}</small>', note))
    return writer.finish()


def marked_plain(words: Sequence[WordOp]) -> SafeString:
    """Render plain text with its changes marked."""
    writer = _Writer()
    for op in words:
        writer.write(escape("".join(piece.text for piece in op.pieces)), (), op.op)
    return writer.finish()


def inserted(content: str) -> SafeString:
    """Render plain text as an insertion."""
    return _whole(content, Op.INSERT)


def deleted(content: str) -> SafeString:
    """Render plain text as a deletion."""
    return _whole(content, Op.DELETE)


def changes_cells(words: Sequence[WordOp]) -> bool:
    """Return whether a table row has other cells than before, so that both can't be displayed as one row."""
    return any(
        op.op is not Op.EQUAL and any(piece.tag and tag_name(piece.text) in _CELLS for piece in op.pieces)
        for op in words
    )


def _whole(content: str, op: Op) -> SafeString:
    writer = _Writer()
    writer.write(escape(content), (), op)
    return writer.finish()


class _Writer:
    """Writes stretches of text, opening and closing the inline tags around them as needed.

    A change is the innermost element, so that a link of which one word changed remains one link.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.marks: tuple[str, ...] = ()
        self.change = Op.EQUAL
        self.announced = Op.EQUAL

    def write(self, text: str, marks: tuple[str, ...], op: Op) -> None:
        if marks != self.marks:
            self._open_marks(marks)
        if op is not self.change:
            self._end_change()
            self.change = op
            if op is not Op.EQUAL:
                self.parts.append(f"<{_ELEMENTS[op]}>")
                if op is not self.announced:
                    self.parts.append(f'<span class="unseen"> {escape(_spoken(op))} </span>')
        self.announced = op
        self.parts.append(text)

    def tag(self, tag: str) -> None:
        self.close()
        self.parts.append(tag)

    def close(self) -> None:
        self._open_marks(())

    def finish(self) -> SafeString:
        self.close()
        return mark_safe("".join(self.parts))

    def _open_marks(self, marks: tuple[str, ...]) -> None:
        self._end_change()
        common = 0
        while common < min(len(marks), len(self.marks)) and marks[common] == self.marks[common]:
            common += 1
        self.parts += [f"</{tag_name(mark)}>" for mark in reversed(self.marks[common:])]
        self.parts += marks[common:]
        self.marks = marks

    def _end_change(self) -> None:
        if self.change is not Op.EQUAL:
            self.parts.append(f"</{_ELEMENTS[self.change]}>")
            self.change = Op.EQUAL


def _spoken(op: Op) -> str:
    return _("inserted:") if op is Op.INSERT else _("deleted:")


def _noted(words: Sequence[WordOp]) -> Iterator[tuple[WordOp, str]]:
    """Yield the stretches, each with a note if only the markup of its words changed, else with ""."""
    skipped = False
    for op, following in pairwise([*words, None]):
        assert op is not None
        if skipped:
            skipped = False
            continue
        if (
            following is None
            or {op.op, following.op} != {Op.INSERT, Op.DELETE}
            or not _same_text(op, following)
        ):
            yield op, ""
            continue
        old, new = (op, following) if op.op is Op.DELETE else (following, op)
        yield new, _markup_change(old, new)
        skipped = True


def _same_text(one: WordOp, other: WordOp) -> bool:
    texts = ["".join(piece.text for piece in op.pieces if not piece.tag) for op in (one, other)]
    return bool(texts[0].strip()) and texts[0] == texts[1]


def _markup_change(old: WordOp, new: WordOp) -> str:
    before, after = _link(old.pieces), _link(new.pieces)
    if before == after:
        return _("[emphasis changed]")
    if not after:
        return _("[link removed: %(old)s]") % {"old": before}
    if not before:
        return _("[link added: %(new)s]") % {"new": after}
    return _("[link changed from %(old)s to %(new)s]") % {"old": before, "new": after}


def _link(pieces: Sequence[Piece]) -> str:
    """Return the address that words link to; "" for none."""
    for piece in pieces:
        for mark in piece.marks:
            if match := _HREF.search(mark):
                return unescape(match[1])
    return ""

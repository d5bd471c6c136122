"""Compare two texts word by word."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from operator import not_

from stories.domain.diff.data import Op, WordOp, joined
from stories.domain.text.alignment import Run, equal_runs, interned, without_chance_runs
from stories.domain.text.segments import scan, scan_plain


class Scanned:
    """A text's tokens, and which of them are compared: all but white space."""

    def __init__(self, text: str, *, plain: bool) -> None:
        self.texts, self.marks = scan_plain(text) if plain else scan(text)
        counting = list(map(not_, map(str.isspace, self.texts)))
        self.places = list(compress(count(), counting))
        texts, marks = compress(self.texts, counting), list(compress(self.marks, counting))
        # What a token must have in common with its counterpart: its text and its marks.
        self.keys: list[Hashable] = (
            [(text, mark) if mark else text for text, mark in zip(texts, marks, strict=True)]
            if any(marks)
            else list(texts)
        )

    def tagged(self, start: int, end: int) -> bool:
        return any(self.marks[place] is None for place in self.places[start:end])


@dataclass(slots=True)
class _Writer:
    """Collects stretches of tokens; between two equal ones come first all deletions, then all insertions."""

    old: Scanned
    new: Scanned
    ops: list[WordOp] = field(default_factory=list)
    equal: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)

    def add_equal(self, places: range) -> None:
        if places:
            self._close_change()
            self.equal += places

    def change(self, removed: range, added: range) -> None:
        if removed or added:
            self.removed += removed
            self.added += added

    def finish(self) -> tuple[WordOp, ...]:
        self._close_change()
        self._write(Op.EQUAL, self.new, self.equal)
        return tuple(self.ops)

    def _close_change(self) -> None:
        removed, added = self.removed, self.added
        if not removed and not added:
            return
        self._write(Op.EQUAL, self.new, self.equal)
        self.equal = []
        # The space after a replaced word is unchanged.
        if removed and added and self._same_space(removed[-1], added[-1]):
            self.equal = [added[-1]]
            removed, added = removed[:-1], added[:-1]
        self._write(Op.DELETE, self.old, removed)
        self._write(Op.INSERT, self.new, added)
        self.removed, self.added = [], []

    def _same_space(self, old: int, new: int) -> bool:
        space = self.old.texts[old]
        return space.isspace() and space == self.new.texts[new] and self.old.marks[old] == self.new.marks[new]

    def _write(self, op: Op, side: Scanned, places: list[int]) -> None:
        if places:
            texts, marks = [side.texts[p] for p in places], [side.marks[p] for p in places]
            self.ops.append(WordOp(op, joined(texts, marks)))


def word_ops(old: str, new: str, *, plain: bool = False) -> tuple[WordOp, ...]:
    """Return the difference of two texts, HTML or plain: stretches that are equal, deleted or inserted.

    A word whose inline tags changed (another link, emphasis) is deleted and inserted. Every character of both sides is
    in a stretch.
    """
    before, after = Scanned(old, plain=plain), Scanned(new, plain=plain)
    runs = _readable(equal_runs(*interned(before.keys, after.keys)), before, after)
    writer = _Writer(before, after)
    old_places = [*before.places, len(before.texts)]
    new_places = [*after.places, len(after.texts)]
    _write_space(writer, range(old_places[0]), range(new_places[0]))
    old_at = new_at = 0
    for run in [*runs, Run(len(before.places), len(after.places), 0)]:
        writer.change(
            range(old_places[old_at], old_places[run.old]), range(new_places[new_at], new_places[run.new])
        )
        old_at, new_at = run.old + run.size, run.new + run.size
        _write_equal(writer, old_places[run.old : old_at + 1], new_places[run.new : new_at + 1])
    return writer.finish()


def _write_equal(writer: _Writer, olds: Sequence[int], news: Sequence[int]) -> None:
    """Write equal words, and the differences in the white space after them."""
    old_texts, new_texts = writer.old.texts, writer.new.texts
    if old_texts[olds[0] : olds[-1]] == new_texts[news[0] : news[-1]]:
        writer.add_equal(range(news[0], news[-1]))
        return
    for position in range(len(olds) - 1):
        writer.add_equal(range(news[position], news[position] + 1))
        _write_space(
            writer,
            range(olds[position] + 1, olds[position + 1]),
            range(news[position] + 1, news[position + 1]),
        )


def _write_space(writer: _Writer, olds: range, news: range) -> None:
    if writer.old.texts[olds.start : olds.stop] == writer.new.texts[news.start : news.stop]:
        writer.add_equal(news)
    else:
        writer.change(olds, news)


def _readable(runs: list[Run], old: Scanned, new: Scanned) -> list[Run]:
    """Return the runs without accidental matches. Runs with tags remain: a table row must keep its cells."""
    return without_chance_runs(
        runs, len(old.places), len(new.places), retain=lambda run: old.tagged(run.old, run.old + run.size)
    )

"""What two readings of one text differ in, word by word, as reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from stories.domain.alignment import Run, equal_runs, interned
from stories.domain.significance.data import Reason, ReasonKind, Spelling
from stories.domain.significance.facets import (
    context,
    figure_words,
    figures,
    is_address,
    is_code,
    is_figure,
    letters_of,
    narrowed,
    only_pronoun_one,
    reporting,
    same_letters,
    stretches,
    without_chance,
)
from stories.domain.significance.findings import Findings, Place
from stories.domain.significance.text import CELL, Text, Word
from stories.domain.significance.vocabulary import (
    NEGATIONS,
    VERDICTS,
    case_matters,
    family_turned,
    guarded,
    latin,
    looks_like_name,
    misspelt,
    prefixed,
    slip,
    stem,
)

# How far into a rewritten stretch a word is sought that only took a prefix.
_SHORT = 8


def compare(old: Text, new: Text, place: Place, found: Findings) -> None:
    """Adds to `found` all that two readings of one text differ in."""
    if old != new:
        _Comparison(old, new, place, found).run()


def title_case(text: Text) -> bool:
    """Whether capitals tell nothing here: most words have one."""
    long = [word for word in text.words if len(word.text) > 3]
    return sum(word.text[:1].isupper() for word in long) * 2 > len(long)


class _Comparison:
    def __init__(self, old: Text, new: Text, place: Place, found: Findings) -> None:
        self.old, self.new, self.place, self.found = old, new, place, found

    def run(self) -> None:
        old, new = self.old.words, self.new.words
        runs = equal_runs(*interned([word.norm for word in old], [word.norm for word in new]))
        runs = without_chance(runs, len(old), len(new))
        i = j = 0
        for run in [*runs, Run(len(old), len(new), 0)]:
            self._gap(i, run.old, j, run.new)
            self._pairs(run)
            i, j = run.old + run.size, run.new + run.size
        if self.old.marks != self.new.marks:
            self.found.transcribed = True
        for target in sorted(self.old.targets - self.new.targets):
            come = sorted(self.new.targets - self.old.targets)
            self._reason(ReasonKind.LINK_TARGET, target, come[0] if come else "")
        if self.new.targets - self.old.targets:
            self.found.wording = True
        gone, come = list(self.old.media), list(self.new.media)
        for address in self.old.media:
            if address in come:
                come.remove(address)
                gone.remove(address)
        for before, after in zip_longest(gone, come, fillvalue=""):
            self._reason(ReasonKind.PICTURE, before, after)

    def _pairs(self, run: Run) -> None:
        """Words that stayed: their case, their quotation marks, their links."""
        flipped: list[int] = []
        for step in range(run.size):
            before, after = self.old.words[run.old + step], self.new.words[run.new + step]
            if before == after:
                continue
            if before.quoted != after.quoted:
                flipped.append(step)
            if before.href != after.href and before.href and after.href:
                known = before.href not in self.new.targets
                if not known:
                    self._reason(ReasonKind.LINK_TARGET, before.href, after.href)
            if before.style != after.style:
                self._reason(ReasonKind.MEANING, before.text, after.text, (run.old + step, run.new + step))
            elif before.source != after.source:
                self._spelled(before, after, run.old + step, run.new + step)
        for first, last in stretches(flipped):
            old_range = (run.old + first, run.old + last + 1)
            new_range = (run.new + first, run.new + last + 1)
            words = self.new.between(*new_range)
            entered = self.new.words[new_range[0]].quoted
            self.found.add(
                Reason(
                    kind=ReasonKind.QUOTED_WORDS,
                    old="" if entered else words,
                    new=words if entered else "",
                    where=self.place.where,
                    field=self.place.name,
                    was=context(self.old, *old_range),
                    now=context(self.new, *new_range),
                )
            )

    def _spelled(self, before: Word, after: Word, i: int, j: int) -> None:
        """An equal word, written otherwise: a capital, an apostrophe, a contraction."""
        if letters_of(before.source) == letters_of(after.source):
            if (
                before.text[:1].isupper() == after.text[:1].isupper()
                or before.text.isupper()
                or after.text.isupper()
            ):
                changes_word = before.text.isupper() != after.text.isupper() and case_matters(before.norm)
            else:
                changes_word = case_matters(before.norm) and not (before.opens or after.opens)
            if changes_word and len(before.text) > 1:
                self._reason(ReasonKind.NAME, before.text, after.text, (i, j))
            return
        self.found.words += 1
        if before.quoted or after.quoted:
            self._reason(ReasonKind.QUOTED_WORDS, before.source, after.source, (i, j))

    def _gap(self, i: int, i_end: int, j: int, j_end: int) -> None:
        """Words that were put for others, or came, or went."""
        gone, come = self.old.words[i:i_end], self.new.words[j:j_end]
        if not gone and not come:
            return
        if len(gone) == len(come) and len(gone) > 1:
            pairs = list(zip(range(i, i_end), range(j, j_end), strict=True))
            if all(self._slipped(self.old.words[a], self.new.words[b]) for a, b in pairs):
                for a, b in pairs:
                    self._gap(a, a + 1, b, b + 1)
                return
        if same_letters(gone, come):
            self.found.transcribed |= any(word.quoted for word in (*gone, *come))
            return
        if not (gone and come) and (self._stuttered(gone, i, self.old) or self._stuttered(come, j, self.new)):
            self.found.transcribed |= any(word.quoted for word in (*gone, *come))
            return
        old_figures, new_figures = figures(gone), figures(come)
        if (
            old_figures == new_figures
            and len(gone) == len(figure_words(gone))
            and len(come) == len(figure_words(come))
        ):
            # "twelve" for "12": in a quotation too, the words said are the same.
            return
        quoted = any(word.quoted for word in (*gone, *come))
        if len(gone) == len(come) == 1 and self._slipped(gone[0], come[0]):
            self.found.spellings.append(Spelling(old=gone[0].text, new=come[0].text, quoted=quoted))
            if quoted:
                self._reason(ReasonKind.QUOTED_WORDS, gone[0].text, come[0].text, (i, j), spelling=True)
            return
        self._judge(gone, come, (i, i_end), (j, j_end), figures=old_figures != new_figures, quoted=quoted)
        self.found.words += max(len(gone), len(come))

    def _stuttered(self, words: Sequence[Word], start: int, text: Text) -> bool:
        """Whether this is one word written twice by mistake ("the the")."""
        if len(words) != 1 or guarded(words[0].norm) or self._name(words[0]):
            return False
        around = text.words[max(start - 1, 0) : start] + text.words[start + 1 : start + 2]
        return any(word.norm == words[0].norm for word in around)

    def _judge(
        self,
        gone: Sequence[Word],
        come: Sequence[Word],
        old_range: tuple[int, int],
        new_range: tuple[int, int],
        *,
        figures: bool,
        quoted: bool,
    ) -> None:
        if figures and not only_pronoun_one(gone, come):
            self._faceted(ReasonKind.FIGURE, old_range, new_range, is_figure)
        if [stem(w.norm) for w in gone if self._name(w)] != [stem(w.norm) for w in come if self._name(w)]:
            self._faceted(ReasonKind.NAME, old_range, new_range, self._name)
        if set(filter(None, map(reporting, gone))) != set(filter(None, map(reporting, come))):
            self._faceted(ReasonKind.ATTRIBUTION, old_range, new_range, lambda word: bool(reporting(word)))
        if any(map(is_address, gone)) or any(map(is_address, come)):
            self._faceted(ReasonKind.LINK_TARGET, old_range, new_range, is_address)
        if self._turned(gone, come):
            self._reason(
                ReasonKind.MEANING,
                self.old.between(*old_range),
                self.new.between(*new_range),
                (old_range[0], new_range[0]),
                (old_range[1], new_range[1]),
            )
        if sum(word.text == CELL for word in gone) != sum(word.text == CELL for word in come):
            self._reason(ReasonKind.TABLE, self.old.between(*old_range), self.new.between(*new_range))
        if not self.place.english or not all(latin(word.norm) for word in (*gone, *come)):
            self._reason(ReasonKind.UNJUDGED, self.old.between(*old_range), self.new.between(*new_range))
        if quoted:
            self._reason(
                ReasonKind.QUOTED_WORDS,
                self.old.between(*old_range),
                self.new.between(*new_range),
                (old_range[0], new_range[0]),
                (old_range[1], new_range[1]),
            )

    def _turned(self, gone: Sequence[Word], come: Sequence[Word]) -> bool:
        before, after = [word.norm for word in gone], [word.norm for word in come]
        for words in (NEGATIONS, VERDICTS):
            if sorted(w for w in before if w in words) != sorted(w for w in after if w in words):
                return True
        return family_turned(before, after) or prefixed(before[:_SHORT], after[:_SHORT])

    def _slipped(self, before: Word, after: Word) -> bool:
        """Whether one word is the other but for its spelling; never of a name or a figure."""
        old, new, vocabulary = before.norm, after.norm, self.place.vocabulary
        if not self.place.english:
            return False
        # Where any word has a capital, one of the two that is known for no name speaks for both.
        names = [self._name(word) for word in (before, after)]
        if all(names) or (any(names) and not (self._may_open(before) and self._may_open(after))):
            return False
        if (is_figure(before) or is_figure(after)) and not misspelt(old, new):
            return False
        if not (latin(old) and latin(new)):
            return False
        # Where the story has both words elsewhere, both are words.
        return slip(old, new) and not (old in vocabulary.new and new in vocabulary.old)

    def _name(self, word: Word) -> bool:
        if word.text.islower() or is_figure(word) or is_address(word):
            return False
        if is_code(word):
            return True
        opens = self._may_open(word)
        lower = self.place.vocabulary.lower if opens else frozenset()
        return looks_like_name(word.text, opens=opens, lower=lower)

    def _may_open(self, word: Word) -> bool:
        return word.opens or self.place.titled

    def _faceted(
        self,
        kind: ReasonKind,
        old_range: tuple[int, int],
        new_range: tuple[int, int],
        has: Callable[[Word], bool],
    ) -> None:
        """A reason for the words that have something, with their neighbours that have it too."""
        old = narrowed(self.old, *old_range, has)
        new = narrowed(self.new, *new_range, has)
        self.found.add(
            Reason(
                kind=kind,
                old=self.old.between(*old),
                new=self.new.between(*new),
                where=self.place.where,
                field=self.place.name,
                was=context(self.old, min(old_range[0], old[0]), max(old_range[1], old[1])),
                now=context(self.new, min(new_range[0], new[0]), max(new_range[1], new[1])),
            )
        )

    def _reason(
        self,
        kind: ReasonKind,
        old: str,
        new: str,
        begin: tuple[int, int] | None = None,
        end: tuple[int, int] | None = None,
        *,
        spelling: bool = False,
    ) -> None:
        was = now = ""
        if begin is not None:
            end = end or (begin[0] + 1, begin[1] + 1)
            was, now = context(self.old, begin[0], end[0]), context(self.new, begin[1], end[1])
        reason = Reason(
            kind=kind, old=old, new=new, where=self.place.where, field=self.place.name, was=was, now=now
        )
        self.found.add(reason, spelling=spelling)

"""Compare two texts word by word, and find the reasons for which their difference matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from stories.domain.significance.addresses import same_picture
from stories.domain.significance.data import Level, Reason, ReasonKind, SpellingFix
from stories.domain.significance.findings import Findings, TextContext
from stories.domain.significance.lexicon.characters import TURNING, decimals_differ, grouped_alike
from stories.domain.significance.lexicon.number_words import is_magnitude, spoken_value
from stories.domain.significance.lexicon.vocabulary import (
    also_a_name,
    case_matters,
    is_latin,
    stem,
)
from stories.domain.significance.lexicon.weighty_words import NEGATIONS
from stories.domain.significance.text import CELL, Text, Word
from stories.domain.significance.wording import marks
from stories.domain.significance.wording.abbreviations import is_abbreviated_in_brackets, is_abbreviation
from stories.domain.significance.wording.content_words import reworded
from stories.domain.significance.wording.facets import (
    EMPTY_WORDS,
    context,
    figure_words,
    figures,
    is_address,
    is_figure,
    letters_of,
    narrowed,
    only_pronoun_one,
    reporting,
    same_letters,
    same_values,
    stretches,
    without_chance_runs,
)
from stories.domain.significance.wording.joined_words import rejoined
from stories.domain.significance.wording.links import changed_links
from stories.domain.significance.wording.moved_clauses import moved_clauses
from stories.domain.significance.wording.predicates import changes_predicate
from stories.domain.significance.wording.sentences import aligned_by_sentence
from stories.domain.significance.wording.slips import Slips
from stories.domain.significance.wording.weights import changes_meaning, changes_unit
from stories.domain.significance.wording.word_order import Gap, changes_voice, gaps_between, swapped
from stories.domain.text.alignment import Run, equal_runs, interned

_ARTICLES = frozenset("a an the this that each every in next last".split())
# Words that are others without their apostrophe.
_APOSTROPHE_MATTERS = frozenset("were well shell hell ill wed shed id".split())

# Words with the same beginning of this length count as forms of one word.
_ROOT = 4


def compare(old: Text, new: Text, place: TextContext, found: Findings) -> None:
    """Add to `found` everything in which two texts differ."""
    if old != new:
        _Comparison(old, new, place, found).run()


def title_case(text: Text) -> bool:
    """Return whether most words have capitals, so that capitals tell nothing."""
    long = [word for word in text.words if len(word.text) > 3]
    return sum(word.text[:1].isupper() for word in long) * 2 > len(long)


class _Comparison:
    def __init__(self, old: Text, new: Text, place: TextContext, found: Findings) -> None:
        self.old, self.new, self.place, self.found = old, new, place, found
        self.slips = Slips(old, new, place)
        self.gaps: list[Gap] = []

    def run(self) -> None:
        old, new = self.old.words, self.new.words
        runs = equal_runs(*interned([word.norm for word in old], [word.norm for word in new]))
        runs = aligned_by_sentence(self.old, self.new, without_chance_runs(runs, len(old), len(new)))
        self._mark(-1, -1)
        gaps = list(gaps_between(runs, len(old), len(new)))
        moved = {gap for pair in moved_clauses(self.old, self.new, gaps) for gap in pair}
        self.found.wording = self.found.wording or bool(moved)
        for run, gap in zip([*runs, Run(len(old), len(new), 0)], gaps, strict=True):
            if gap not in moved:
                self._gap(*gap)
            self._pairs(run)
        for first, second in swapped(self.old, self.new, self.gaps):
            self._meaning((first.old, second.old_end), (first.new, second.new_end))
        if TURNING.findall(self.old.plain) != TURNING.findall(self.new.plain):
            self._reason(ReasonKind.MEANING, self.old.plain, self.new.plain)
        if self.old.marks != self.new.marks:
            self.found.transcribed = True
        self._links(runs)
        removed, added = list(self.old.media), list(self.new.media)
        for address in self.old.media:
            same = [other for other in added if other == address or same_picture(address, other)]
            if same:
                added.remove(address if address in same else same[0])
                removed.remove(address)
                self.found.wording = self.found.wording or address not in same
        for before, after in zip_longest(removed, added, fillvalue=""):
            self._reason(ReasonKind.PICTURE, before, after)

    def _links(self, runs: Sequence[Run]) -> None:
        for link in changed_links(self.old, self.new, runs):
            if link.same:
                self.found.wording = True
            else:
                end = (link.at[0] + 1, link.at[1] + 1) if link.at else None
                self._reason(ReasonKind.LINK_TARGET, link.old, link.new, link.at, end)
        if self.new.targets - self.old.targets:
            self.found.wording = True

    def _pairs(self, run: Run) -> None:
        """Weigh unchanged words: their case, their quotation marks, their links, and the punctuation between them."""
        ends = run.old + run.size == len(self.old.words) and run.new + run.size == len(self.new.words)
        same = self._written(self.old, run.old, run.size) == self._written(self.new, run.new, run.size)
        flipped: list[int] = []
        for step in range(run.size):
            before, after = self.old.words[run.old + step], self.new.words[run.new + step]
            if not same and (step + 1 < run.size or ends):
                self._mark(run.old + step, run.new + step)
            if before == after:
                continue
            if before.quoted != after.quoted:
                flipped.append(step)
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

    def _written(self, text: Text, start: int, size: int) -> str:
        """Return a run of words as written, including what follows if they are the last words."""
        if not size:
            return ""
        end = start + size
        return text.plain[
            text.words[start].start : None if end == len(text.words) else text.words[end - 1].end
        ]

    def _mark(self, i: int, j: int) -> None:
        """Weigh the punctuation behind a word, and before the next."""
        level = marks.weigh(self.old, i, self.new, j)
        if level.rank <= Level.TYPOGRAPHY.rank:
            return
        if level is Level.SUBSTANTIVE:
            self._meaning((max(i, 0), i + 2), (max(j, 0), j + 2))
        elif i >= 0 and self.old.words[i].quoted and self.new.words[j].quoted:
            # The punctuation of a quotation is checked against its source.
            self.found.transcribed = True
        else:
            self.found.wording = True

    def _spelled(self, before: Word, after: Word, i: int, j: int) -> None:
        """Weigh an equal word that is written differently: a capital, an apostrophe, a contraction."""
        if letters_of(before.source) == letters_of(after.source):
            if before.text == after.text:
                return
            if "\u2212" in (before.source[-1], after.source[-1]) and (
                _negative(self.old, before) != _negative(self.new, after)
            ):
                # "Cl−"
                self._reason(ReasonKind.MEANING, before.text, after.text, (i, j))
                return
            if changes_unit(self.old, i, self.new, j):
                self._reason(ReasonKind.FIGURE, before.text, after.text, (i, j))
                return
            if (
                before.text[:1].isupper() == after.text[:1].isupper()
                or before.text.isupper()
                or after.text.isupper()
            ):
                changes_word = (
                    before.text.isupper() != after.text.isupper()
                    and case_matters(before.norm)
                    and not self._shouted(i, j)
                )
            else:
                changes_word = case_matters(before.norm) and not (
                    self.slips.may_open(before) or self.slips.may_open(after) or self._titled(i, j)
                )
                if (
                    also_a_name(before.norm)
                    and not (before.opens or after.opens)
                    and self._undetermined(i, j)
                ):
                    self.found.wording = True
            if changes_word and len(before.text) > 1:
                self._reason(ReasonKind.NAME, before.text, after.text, (i, j))
            elif self.place.nouns_have_capitals and not (before.opens or after.opens):
                self.found.wording = True
            return
        if {letters_of(before.source), letters_of(after.source)} <= {"can", "not", "cannot"}:
            return
        self.found.words += 1
        if before.quoted or after.quoted:
            self._reason(ReasonKind.QUOTED_WORDS, before.source, after.source, (i, j))

    def _undetermined(self, i: int, j: int) -> bool:
        """Return whether a word is used like a person's name: without an article, and not in a title."""
        return not (self._titled(i, j) or (i and self.old.words[i - 1].norm in _ARTICLES))

    def _shouted(self, i: int, j: int) -> bool:
        """Return whether a neighbouring word, too, is in capitals throughout on one side alone."""
        for step in (-1, 1):
            if 0 <= i + step < len(self.old.words) and 0 <= j + step < len(self.new.words):
                one, other = self.old.words[i + step], self.new.words[j + step]
                if (
                    one.norm == other.norm
                    and len(one.norm) > 1
                    and one.text.isupper() != other.text.isupper()
                ):
                    return True
        return False

    def _titled(self, i: int, j: int) -> bool:
        """Return whether a neighbouring word also changed its capital, as in a title."""
        pairs = [
            (self.old.words[i + step], self.new.words[j + step])
            for step in (-1, 1)
            if 0 <= i + step < len(self.old.words) and 0 <= j + step < len(self.new.words)
        ]
        return any(one.norm == other.norm and one.text != other.text for one, other in pairs)

    def _gap(self, i: int, i_end: int, j: int, j_end: int) -> None:
        """Weigh words that were replaced, inserted or deleted.

        The first rule that applies decides: several slips, decimals, other spaces, digit groups, an abbreviation in
        brackets, a stutter, a figure in words, one slip, an abbreviation written out. `_judge` weighs what is left.
        """
        removed, added = self.old.words[i:i_end], self.new.words[j:j_end]
        if not removed and not added:
            return
        if len(removed) == len(added) and len(removed) > 1:
            pairs = list(zip(range(i, i_end), range(j, j_end), strict=True))
            if all(self.slips.is_fix(self.old.words[a], self.new.words[b]) for a, b in pairs):
                for a, b in pairs:
                    self._gap(a, a + 1, b, b + 1)
                return
        self.gaps.append(Gap(i, i_end, j, j_end))
        if removed and added:
            self._mark(i - 1, j - 1)
            self._mark(i_end - 1, j_end - 1)
        if self._question_changed(i, i_end, j, j_end):
            self._meaning((i, i_end), (j, j_end))
        quoted = any(word.quoted for word in (*removed, *added))
        if decimals_differ(*self._between((i, i_end), (j, j_end)), self.place.language):
            self._faceted(ReasonKind.FIGURE, (i, i_end), (j, j_end), is_figure)
            return
        if same_letters(self.old, (i, i_end), self.new, (j, j_end)):
            self._rejoined(i, i_end, j, j_end, quoted=quoted)
            return
        if grouped_alike(*self._between((i, i_end), (j, j_end)), self.place.language):
            return
        if (not removed and is_abbreviated_in_brackets(self.new, j, j_end)) or (
            not added and is_abbreviated_in_brackets(self.old, i, i_end)
        ):
            self._worded(removed, added, (i, i_end), (j, j_end), quoted=quoted, words=0)
            return
        if not (removed and added) and (
            self._stuttered(removed, i, self.old) or self._stuttered(added, j, self.new)
        ):
            self.found.transcribed |= quoted
            return
        same_figures = figures(removed) == figures(added) and (
            not _digits(removed)
            or not _digits(added)
            or same_values(self.old, (i, i_end), self.new, (j, j_end))
        )
        if self._same_number(removed, added, i_end, j_end) or (
            same_figures
            and len(removed) == len(figure_words(removed))
            and len(added) == len(figure_words(added))
        ):
            # "twelve" for "12": even in a quotation, the spoken words are the same.
            return
        if len(removed) == len(added) == 1:
            if self.slips.is_fix(removed[0], added[0]):
                self.found.spellings.append(
                    SpellingFix(old=removed[0].text, new=added[0].text, quoted=quoted)
                )
                if quoted:
                    self._reason(
                        ReasonKind.QUOTED_WORDS, removed[0].text, added[0].text, (i, j), spelling=True
                    )
                return
            if self.slips.may_be_slip(removed[0], added[0]):
                self._worded(removed, added, (i, i_end), (j, j_end), quoted=quoted)
                return
        if same_values(self.old, (i, i_end), self.new, (j, j_end)) and is_abbreviation(
            [word.text for word in removed], [word.text for word in added]
        ):
            self.found.wording = True
            if quoted:
                self._reason(
                    ReasonKind.QUOTED_WORDS, *self._between((i, i_end), (j, j_end)), (i, j), (i_end, j_end)
                )
            return
        self._judge(removed, added, (i, i_end), (j, j_end), figures=not same_figures, quoted=quoted)
        self.found.words += max(len(removed), len(added))
        self.found.replaced += _replaced(removed, added)

    def _same_number(self, removed: Sequence[Word], added: Sequence[Word], i_end: int, j_end: int) -> bool:
        """Return whether two stretches are one number in other words: "a hundred", "100"; "a" and "1" of a million."""
        if not (removed and added) or any(word.style for word in (*removed, *added)):
            return False
        before, after = [word.norm for word in removed], [word.norm for word in added]
        if i_end < len(self.old.words) and j_end < len(self.new.words):
            following = self.old.words[i_end].norm
            if is_magnitude(following) and following == self.new.words[j_end].norm:
                before, after = [*before, following], [*after, following]
        value = spoken_value(before)
        return value is not None and value == spoken_value(after)

    def _question_changed(self, i: int, i_end: int, j: int, j_end: int) -> bool:
        """Return whether a question became a statement, or a statement a question, at changed words."""
        return sum(marks.asking(marks.between(self.old, at)) for at in range(i - 1, i_end)) != sum(
            marks.asking(marks.between(self.new, at)) for at in range(j - 1, j_end)
        )

    def _rejoined(self, i: int, i_end: int, j: int, j_end: int, *, quoted: bool) -> None:
        """Weigh the same letters separated differently: mostly the same words, but "nowhere" is not "now here"."""
        removed, added = self.old.words[i:i_end], self.new.words[j:j_end]
        level = rejoined([word.norm for word in removed], [word.norm for word in added], self.place.language)
        if level is Level.TYPOGRAPHY and self._apostrophe_matters(removed, added):
            level = Level.WORDING
        if level is Level.SUBSTANTIVE:
            self._meaning((i, i_end), (j, j_end))
            self.found.words += max(len(removed), len(added))
        elif level is Level.WORDING:
            self._worded(removed, added, (i, i_end), (j, j_end), quoted=quoted)
        else:
            self.found.transcribed |= quoted

    def _apostrophe_matters(self, removed: Sequence[Word], added: Sequence[Word]) -> bool:
        """Return whether an apostrophe makes another word ("we're"), or another number of owners ("mayors'")."""
        for before, after in zip(removed, added, strict=False):
            if before.norm.replace("'", "") in _APOSTROPHE_MATTERS and ("'" in before.norm) != (
                "'" in after.norm
            ):
                return True
            owners = sorted((before, after), key=lambda word: word.norm.endswith("'s"))
            if owners[1].norm.endswith("'s") and not owners[0].norm.endswith("'s"):
                text = self.old if owners[0] is before else self.new
                if text.plain[owners[0].end : owners[0].end + 1] in ("'", "’"):
                    return True
        return False

    def _worded(
        self,
        removed: Sequence[Word],
        added: Sequence[Word],
        old_range: tuple[int, int],
        new_range: tuple[int, int],
        *,
        quoted: bool,
        words: int | None = None,
    ) -> None:
        """Record words that are merely wording; `words` is their number if not all of them count."""
        self.found.words += max(len(removed), len(added)) if words is None else words
        self.found.wording = True
        if quoted:
            self._reason(
                ReasonKind.QUOTED_WORDS,
                *self._between(old_range, new_range),
                (old_range[0], new_range[0]),
                (old_range[1], new_range[1]),
            )

    def _between(self, old_range: tuple[int, int], new_range: tuple[int, int]) -> tuple[str, str]:
        return self.old.between(*old_range), self.new.between(*new_range)

    def _meaning(self, old_range: tuple[int, int], new_range: tuple[int, int]) -> None:
        old_end, new_end = min(old_range[1], len(self.old.words)), min(new_range[1], len(self.new.words))
        self._reason(
            ReasonKind.MEANING,
            self.old.between(old_range[0], old_end),
            self.new.between(new_range[0], new_end),
            (old_range[0], new_range[0]),
            (old_end, new_end),
        )

    def _stuttered(self, words: Sequence[Word], start: int, text: Text) -> bool:
        """Return whether this is a word repeated by mistake ("the the")."""
        if len(words) != 1 or words[0].norm in NEGATIONS or is_figure(words[0]):
            return False
        if words[0].norm not in EMPTY_WORDS and self.slips.is_name(words[0]):
            return False
        neighbours = ((start - 1, start - 1), (start, start + 1))
        return any(
            0 <= other < len(text.words)
            and text.words[other].norm == words[0].norm
            and marks.between(text, first).isspace()
            for first, other in neighbours
        )

    def _judge(
        self,
        removed: Sequence[Word],
        added: Sequence[Word],
        old_range: tuple[int, int],
        new_range: tuple[int, int],
        *,
        figures: bool,
        quoted: bool,
    ) -> None:
        before = len(self.found.reasons)
        if figures and not only_pronoun_one(removed, added):
            self._faceted(ReasonKind.FIGURE, old_range, new_range, is_figure)
        if [stem(w.norm) for w in removed if self.slips.is_name(w)] != [
            stem(w.norm) for w in added if self.slips.is_name(w)
        ]:
            self._faceted(ReasonKind.NAME, old_range, new_range, self.slips.is_name)
        if set(filter(None, map(reporting, removed))) != set(filter(None, map(reporting, added))):
            self._faceted(ReasonKind.ATTRIBUTION, old_range, new_range, lambda word: bool(reporting(word)))
        if any(map(is_address, removed)) or any(map(is_address, added)):
            self._faceted(ReasonKind.LINK_TARGET, old_range, new_range, is_address)
        if sum(word.text == CELL for word in removed) != sum(word.text == CELL for word in added):
            self._reason(ReasonKind.TABLE, self.old.between(*old_range), self.new.between(*new_range))
        if not self.place.english or not all(is_latin(word.norm) for word in (*removed, *added)):
            self._reason(ReasonKind.UNJUDGED, self.old.between(*old_range), self.new.between(*new_range))
        if quoted:
            self._reason(
                ReasonKind.QUOTED_WORDS,
                *self._between(old_range, new_range),
                (old_range[0], new_range[0]),
                (old_range[1], new_range[1]),
            )
        # One reason is enough for one place.
        if len(self.found.reasons) == before and (
            changes_meaning(self.old, old_range, self.new, new_range)
            or (not added and changes_voice(self.old, *old_range))
            or (not removed and changes_voice(self.new, *new_range))
            or changes_predicate(self.old, old_range, self.new, new_range, self.place.language)
            or reworded(self.old, old_range, self.new, new_range, self.place.language)
        ):
            self._meaning(old_range, new_range)

    def _faceted(
        self,
        kind: ReasonKind,
        old_range: tuple[int, int],
        new_range: tuple[int, int],
        has: Callable[[Word], bool],
    ) -> None:
        """Add a reason for the words for which `has` holds, including such neighbours."""
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


def _negative(text: Text, word: Word) -> bool:
    """Return whether a minus sign belongs to the word before it."""
    return word.source.endswith("\u2212") or text.plain[word.end : word.end + 1] == "-"


def _digits(words: Sequence[Word]) -> bool:
    return any(char.isdigit() for word in words if is_figure(word) for char in word.norm)


def _replaced(removed: Sequence[Word], added: Sequence[Word]) -> int:
    """Return how many content words were replaced by others, not by other forms of themselves."""
    before, after = (
        [word.norm for word in side if word.norm not in EMPTY_WORDS and not is_figure(word)]
        for side in (removed, added)
    )
    roots = {word[:_ROOT] for word in before} & {word[:_ROOT] for word in after}
    counts = (sum(word[:_ROOT] not in roots for word in side) for side in (before, after))
    return min(counts)

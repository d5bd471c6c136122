"""Hold a history against what the database holds in the end: what it promised must be so.

Pure: it knows neither a database nor the site, only what was written down. Each finding is a sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.drills.histories.history import (
    FIX,
    LIFT,
    PUBLISH,
    REINSTATE,
    ROW_OF,
    SAVE,
    SAVE_DEK,
    WITHDRAW,
    WITHHOLD,
    History,
    Read,
    Row,
    Write,
)

# Pages that show one version of one story.
STORY_PAGES = ("story", "data")


def check(history: History) -> list[str]:
    """Return what does not hold; nothing, if the history is one of a site that kept its word."""
    checker = _Checker(history)
    return [
        *checker.entries(),
        *checker.answers(),
        *checker.order(),
        *checker.numbers(),
        *checker.saved_words(),
        *checker.deks(),
        *checker.reads(),
        *checker.hidden_words(),
        *checker.withdrawn_stories(),
    ]


class _Checker:
    def __init__(self, history: History) -> None:
        self.history = history
        self.writes = {write.number: write for write in history.writes}
        self.rows_of: dict[int, list[Row]] = defaultdict(list)
        self.revisions: dict[int, list[Row]] = defaultdict(list)
        self.versions: dict[int, list[Row]] = defaultdict(list)
        for row in history.rows:
            write = self.writes.get(row.write)
            if write is not None and ROW_OF[write.kind] == row.kind:
                self.rows_of[row.write].append(row)
            if row.kind == "revision":
                self.revisions[row.story].append(row)
            if row.kind == "publication":
                self.versions[row.story].append(row)
        for rows in self.revisions.values():
            rows.sort(key=lambda row: (row.number, row.pk))
        # As the site numbers them.
        for rows in self.versions.values():
            rows.sort(key=lambda row: (row.live_from, row.pk))

    # ------------------------------------------------------------------------------------------- the ledger

    def entries(self) -> Iterator[str]:
        """Each row has one entry of the ledger, and no two rows the same."""
        seen: dict[int, Row] = {}
        for row in self.history.rows:
            if len(row.entries) != 1:
                yield f"{_row(row)} has {len(row.entries)} entries in the ledger."
            for entry in row.entries:
                if entry in seen:
                    yield f"{_row(row)} and {_row(seen[entry])} share the entry {entry}."
                seen[entry] = row

    def answers(self) -> Iterator[str]:
        """What was answered with success is there once, what was refused is not, what is unknown once at most."""
        for write in self.history.writes:
            rows = self.rows_of[write.number]
            if write.outcome == "ok" and not rows:
                yield f"{_write(write)} was acknowledged, and is not in the ledger."
            if write.outcome == "refused" and rows:
                yield f"{_write(write)} was refused, and is in the ledger."
            if len(rows) > 1:
                yield f"{_write(write)} is in the ledger {len(rows)} times."
            for row in rows:
                if (row.by, row.story) != (write.client, write.story):
                    yield f"{_write(write)} is in the ledger as {row.by}’s, of story {row.story}."
                if not write.began <= row.at or (write.outcome == "ok" and row.at > write.ended):
                    yield f"{_write(write)} has a time in the ledger at which it was not being made."
        for row in self.history.rows:
            if row.write and row.write not in self.writes:
                yield f"{_row(row)} was made by write {row.write}, which nobody sent."

    def order(self) -> Iterator[str]:
        """What was acknowledged before something else was sent stands before it in the ledger."""
        done: list[tuple[float, int]] = []
        sent: list[tuple[float, int, Write]] = []
        for write in self.history.writes:
            for row in self.rows_of[write.number]:
                for entry in row.entries:
                    sent.append((write.began, entry, write))
                    if write.outcome == "ok":
                        done.append((write.ended, entry))
        newest_by = _Highest(done)
        for began, entry, write in sent:
            before = newest_by(began)
            if entry < before:
                yield f"{_write(write)} stands before entry {before}, which was acknowledged before it was sent."

    def numbers(self) -> Iterator[str]:
        """Revisions count from 1 without gaps; versions have one order; both are the ledger’s."""
        for story, rows in self.revisions.items():
            if [row.number for row in rows] != list(range(1, len(rows) + 1)):
                yield f"The revisions of story {story} don’t count from 1 to {len(rows)}."
            yield from _rising(rows, f"revisions of story {story}")
        for story, rows in self.versions.items():
            for earlier, later in pairwise(rows):
                if later.live_from == earlier.live_from:
                    yield f"Two versions of story {story} went live at the same time, so that both have one number."
                if later.revision <= earlier.revision:
                    yield f"A version of story {story} is of an earlier revision than the one before it."
            yield from _rising(rows, f"versions of story {story}")

    # --------------------------------------------------------------------------------------------- the words

    def saved_words(self) -> Iterator[str]:
        """No word that was saved is lost: each client’s place holds its newest word from then on.

        A revision that is made of the live version beside edits that wait has older words of saves, as it should.
        """
        numbers = {
            (write.story, write.word): write.number
            for write in self.history.writes
            if write.kind in (SAVE, FIX)
        }
        for story, rows in self.revisions.items():
            working = [row for row in rows if not row.is_made_of_live]
            yield from self._never_back(story, working, numbers, "revision", "save of")
            yield from self._never_back(story, rows, numbers, "revision", "fix of")
            shown = {row.number: row for row in rows}
            live = [shown[row.revision] for row in self.versions[story] if row.revision in shown]
            yield from self._never_back(story, live, numbers, "live revision", "")
        for write in self.history.writes:
            if write.kind not in (SAVE, SAVE_DEK, FIX):
                continue
            for row in self.rows_of[write.number]:
                revisions = self.revisions[write.story]
                number = row.number or row.revision
                made = revisions[number - 1] if 0 < number <= len(revisions) else row
                held = made.dek if write.kind == SAVE_DEK else made.words.get(place(write))
                if held != write.word:
                    yield f"{_write(write)} is in the ledger, and its word is not in the story."

    def _never_back(
        self, story: int, rows: Iterable[Row], numbers: dict[tuple[int, str], int], what: str, places: str
    ) -> Iterator[str]:
        newest: dict[str, tuple[int, str]] = {}
        for row in rows:
            for name, word in row.words.items():
                if not name.startswith(places):
                    continue
                number = numbers.get((story, word), 0)
                before, lost = newest.get(name, (0, ""))
                if number < before:
                    yield (
                        f"The word “{lost}” of write {before} is lost: in {what} {row.number or row.revision} of "
                        f"story {story} “{word}” stands in the {name} again."
                    )
                newest[name] = max((number, word), (before, lost))

    def deks(self) -> Iterator[str]:
        """Whoever changed the dek had seen what stood there: nobody’s was overwritten unseen."""
        for story, rows in self.revisions.items():
            dek = None
            for row in rows:
                if row.is_made_of_live:
                    continue
                write = self.writes.get(row.write)
                if dek is not None and row.dek != dek:
                    if write is None or write.kind != SAVE_DEK or write.word != row.dek:
                        yield f"Revision {row.number} of story {story} changed the dek, which nobody asked for."
                    elif write.saw != dek:
                        yield (
                            f"{_write(write)} overwrote the dek “{dek}” of story {story} that it had not seen: an "
                            "update is lost."
                        )
                dek = row.dek

    # ------------------------------------------------------------------------------------------- what was read

    def reads(self) -> Iterator[str]:
        """Each reader of a story’s page reads the version that is live, and never an older one after a newer one."""
        reads: dict[int, list[Read]] = defaultdict(list)
        for read in self.history.reads:
            if read.page in STORY_PAGES and read.status == 200 and not read.is_copy:
                reads[read.story].append(read)
        for story, found in reads.items():
            rows = self.versions[story]
            number_of = {row.pk: number for number, row in enumerate(rows, start=1)}
            acknowledged = _Highest(
                (write.ended, number_of[row.pk])
                for write in self.history.writes
                if write.kind in (PUBLISH, FIX) and write.outcome == "ok"
                for row in self.rows_of[write.number]
                if row.story == story
            )
            seen = _Highest((read.ended, read.version) for read in found)
            for read in found:
                if not 1 <= read.version <= len(rows):
                    yield f"{_read(read)} had a version that the database doesn’t."
                    continue
                if read.version < acknowledged(read.began):
                    yield f"{_read(read)} had an older version than {acknowledged(read.began)}, which was acknowledged."
                if read.version < seen(read.began):
                    yield f"{_read(read)} had an older version than {seen(read.began)}, which was read before."
                yield from self._words_of_version(read, rows[read.version - 1])

    def _words_of_version(self, read: Read, version: Row) -> Iterator[str]:
        write = self.writes.get(version.write)
        if write is not None and write.began > read.ended:
            yield f"{_read(read)} had a version that was sent only afterwards."
        revisions = self.revisions[read.story]
        if not 1 <= version.revision <= len(revisions):
            return
        revision = revisions[version.revision - 1]
        foreign = set(read.words) - set(revision.words.values()) - {revision.dek}
        if foreign:
            yield f"{_read(read)} had words that are not of that version: {', '.join(sorted(foreign))}."

    def hidden_words(self) -> Iterator[str]:
        """What was withheld is read nowhere, not even in a copy, from the answer until somebody may have lifted it."""
        for span in self._spans(WITHHOLD, LIFT):
            for read in self.history.reads:
                if span.covers(read) and span.write.word in read.words:
                    yield f"{_read(read)} had “{span.write.word}”, which {_write(span.write)} had withheld."

    def withdrawn_stories(self) -> Iterator[str]:
        """A story that was withdrawn is not read from the answer until somebody may have brought it back."""
        for span in self._spans(WITHDRAW, REINSTATE):
            for read in self.history.reads:
                if read.story == span.write.story and span.covers(read) and read.status == 200:
                    yield f"{_read(read)} had a story that {_write(span.write)} had withdrawn."

    def _spans(self, kind: str, undoing: str) -> Iterator[_Span]:
        undone = [each for each in self.history.writes if each.kind == undoing and each.outcome != "refused"]
        for write in self.history.writes:
            if write.kind == kind and write.outcome == "ok":
                ends = [
                    each.began
                    for each in undone
                    if (each.story, each.word) == (write.story, write.word) and each.ended > write.began
                ]
                yield _Span(write, min(ends, default=float("inf")))


@dataclass(frozen=True)
class _Span:
    """The time from the answer to a write until something may have undone it."""

    write: Write
    until: float

    def covers(self, read: Read) -> bool:
        return self.write.ended <= read.began and read.ended <= self.until


class _Highest:
    """The highest number of what had ended by a time."""

    def __init__(self, ended: Iterable[tuple[float, int]]) -> None:
        self._times: list[float] = []
        self._highest: list[int] = []
        for time, number in sorted(ended):
            self._times.append(time)
            self._highest.append(max(number, self._highest[-1] if self._highest else 0))

    def __call__(self, time: float) -> int:
        found = bisect_right(self._times, time)
        return self._highest[found - 1] if found else 0


def place(write: Write) -> str:
    """Return the place that a client’s writes of a kind change."""
    return f"{write.kind} of {write.client}"


def _rising(rows: list[Row], what: str) -> Iterator[str]:
    entries = [row.entries[0] for row in rows if row.entries]
    if entries != sorted(entries):
        yield f"The {what} stand in the ledger in another order than their numbers say."


def _row(row: Row) -> str:
    return f"The {row.kind} {row.pk} of story {row.story}"


def _write(write: Write) -> str:
    return f"{write.client}’s {write.kind} (write {write.number})"


def _read(read: Read) -> str:
    number = f", version {read.version}," if read.version else ""
    copy = ", a copy," if read.is_copy else ""
    return f"{read.reader}’s {read.page} of story {read.story}{number}{copy} at {read.began:.3f}"

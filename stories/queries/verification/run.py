"""Verify the whole record: the ledger in its order, then the stories, then the pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Final

from django.utils import timezone

from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.ledger import GENESIS, entry_digest
from stories.domain.text.number_set import NumberSet
from stories.models import Article, EntryKind, LedgerEntry, Revision
from stories.queries.verification.consistent_view import consistent_view
from stories.queries.verification.database.check import check_database
from stories.queries.verification.database.sqlite_schema import check_search_indexes
from stories.queries.verification.database.stored_forms import check_stored_forms
from stories.queries.verification.findings import UNREADABLE, Finding, Kind, changed
from stories.queries.verification.ledger.actors import check_actors
from stories.queries.verification.ledger.daily_heads import DailyHeads, check_last_head
from stories.queries.verification.ledger.entries import check_entry
from stories.queries.verification.ledger.erasures import ErasureFound, ExternalEvidence, listed_erasure
from stories.queries.verification.ledger.names import check_names
from stories.queries.verification.ledger.profiles import check_profiles
from stories.queries.verification.ledger.readable import (
    check_stories,
    chunks,
    entries_after,
    tolerate_invalid_text,
    until_unreadable,
)
from stories.queries.verification.ledger.restorations import (
    RestorationFound,
    check_published_head,
    check_restorations,
    listed_restorations,
)
from stories.queries.verification.ledger.rights import check_rights
from stories.queries.verification.ledger.rows import Chunk, Payload
from stories.queries.verification.ledger.saved_heads import (
    Head,
    check_heads,
    check_heads_of_copies,
    check_heads_of_runs,
)
from stories.queries.verification.ledger.uncovered import Covered
from stories.queries.verification.story.impossible_events import check_impossible_events
from stories.queries.verification.story.live_periods import check_live_periods
from stories.queries.verification.story.part_keys import check_part_keys
from stories.queries.verification.story.pictures import all_pictures, check_pictures, count_pictures
from stories.queries.verification.story.publications import check_publications
from stories.queries.verification.story.published_stories import check_published_stories
from stories.queries.verification.story.search_texts import check_search_texts
from stories.queries.verification.story.story_status import check_story_status
from stories.queries.verification.story.withheld import check_withheld
from stories.queries.verification.story.working_rows import check_working_rows

STORIES_AT_ONCE: Final = 100
FIRST: Final = -(2**63)


class Verification:
    """Iterate it for the findings, in the ledger's order; then read its sums.

    `since` is the first entry to check: the digest of the previous one is trusted, and of the rest of the record only
    the stories of the entries from there on are checked. `against` are heads that were saved earlier, `older` full
    dossiers from before an erasure, which prove the words around it. `at` is the present time. Some hundred entries or
    stories are in memory at a time, and a bit for each row, so memory does not grow with the ledger.
    """

    def __init__(
        self,
        *,
        since: int = 1,
        against: Sequence[Head] = (),
        older: Sequence[OlderCopy] = (),
        at: datetime | None = None,
    ) -> None:
        self.since = since
        self.against = against
        self._outside = ExternalEvidence(at or timezone.now(), older)
        self.entries = 0
        self.stories = 0
        self.pictures = 0
        self.sequence = since - 1
        self.head = GENESIS
        # Every erasure found, oldest first.
        self.erasures: list[ErasureFound] = []
        # Every older copy that was accepted, oldest first.
        self.restorations: list[RestorationFound] = []
        # The newest of the heads in `against` that the ledger has.
        self.saved = 0
        self._saved = {head.sequence: head.digest for head in against}
        self._covered = Covered()
        self._touched = NumberSet()
        # None after a gap: then the next digest can't be checked.
        self._previous: bytes | None = GENESIS

    @property
    def rows(self) -> int:
        """How many history rows the checked entries cover."""
        return self._covered.rows

    @property
    def steps(self) -> int:
        """How much was checked so far, of `total`."""
        return self.entries + (self.stories + self.pictures if self.whole else 0)

    @property
    def whole(self) -> bool:
        """Whether it checks everything."""
        return self.since == 1

    def total(self) -> int:
        """Return how much there is to check: entries, and in a whole run stories and pictures."""
        entries = LedgerEntry.objects.filter(sequence__gte=self.since).count()
        return entries + (Article.objects.count() + count_pictures() if self.whole else 0)

    @property
    def listed(self) -> list[ErasureFound]:
        """The erasures that no saved head confirms: whoever writes to the database can forge order and approval too."""
        return [erasure for erasure in self.erasures if erasure.sequence > self.saved]

    def __iter__(self) -> Iterator[Finding]:
        with consistent_view():
            yield from check_database(whole=self.whole)
            stored = list(check_stored_forms())
            yield from stored
            with tolerate_invalid_text() if stored else nullcontext():
                yield from self._check_record()
        if self.whole:
            yield from check_search_indexes()
        found = check_published_head()
        yield from until_unreadable(found, "Whether the database is behind what was published")

    def _check_record(self) -> Iterator[Finding]:
        yield from self._check_entries()
        yield from until_unreadable(check_last_head(), "The days’ heads")
        yield from self._covered.recorded_twice()
        if self.whole:
            yield from until_unreadable(self._covered.uncovered(), "Whether entries cover every row")
        yield from self._check_stories()
        if self.whole:
            yield from self._check_pictures()
            yield from until_unreadable(check_names(), "What sections and authors are called")
            yield from until_unreadable(check_profiles(), "The profiles of authors")
            yield from until_unreadable(check_rights(), "What accounts and groups may do")
            yield from until_unreadable(check_actors(), "Who made the entries")
        yield from until_unreadable(self._check_restorations(), "Which older copies were accepted")
        earlier = check_heads_of_runs()
        yield from until_unreadable(earlier, "That the ledger extends what earlier verifications saw")
        yield from check_heads(self.against, when="the heads were saved")
        yield from check_heads_of_copies(self._outside.older)

    def _check_entries(self) -> Iterator[Finding]:
        trusted = LedgerEntry.objects.filter(sequence=self.since - 1).values_list("digest", flat=True).first()
        if trusted is not None:
            self.head = self._previous = bytes(trusted)
        heads = DailyHeads(since=self.since)
        before: Chunk | None = None
        for entries in entries_after(self.since - 1):
            if isinstance(entries, Finding):
                yield entries
                continue
            for chunk in chunks(entries, before, self._outside):
                self._covered.add(chunk)
                yield from self._check_chunk(chunk)
                before = chunk
            yield from until_unreadable(
                heads.check(entries), f"The days’ heads from entry {entries[0].sequence} on"
            )

    def _check_chunk(self, chunk: Chunk) -> Iterator[Finding]:
        for entry, payload in zip(chunk.entries, chunk.payloads, strict=True):
            yield from self._check_chain(entry)
            self.entries += 1
            if entry.article_id is not None:
                self._touched.add(entry.article_id)
            if payload is None:
                yield Finding(
                    entry.sequence, Kind.PAYLOAD, "its payload is not the canonical JSON that was written."
                )
                continue
            found = self._check_entry(entry, payload, chunk)
            yield from until_unreadable(found, "it", sequence=entry.sequence)

    def _check_entry(self, entry: LedgerEntry, payload: Payload, chunk: Chunk) -> Iterator[Finding]:
        if payload["kind"] == EntryKind.ERASURE:
            self.erasures.append(listed_erasure(chunk.erasures_of(payload), payload))
        yield from check_entry(entry, payload, chunk)

    def _check_chain(self, entry: LedgerEntry) -> Iterator[Finding]:
        gap = entry.sequence - self.sequence - 1
        if gap:
            what = "it is" if gap == 1 else f"it and the {gap - 1} after it are"
            yield Finding(self.sequence + 1, Kind.MISSING, f"{what} missing; entry {entry.sequence} follows.")
            self._previous = None
        try:
            digest, payload = bytes(entry.digest), entry.payload.encode()
        except UNREADABLE:
            digest, payload = b"", b""
        if self._saved.get(entry.sequence) == digest.hex():
            self.saved = entry.sequence
        if self._previous is not None and entry_digest(self._previous, payload) != digest:
            yield Finding(
                entry.sequence,
                Kind.CHAIN,
                "its digest does not follow from its payload and the entry before.",
            )
        self.sequence = entry.sequence
        self.head = self._previous = digest

    def _check_stories(self) -> Iterator[Finding]:
        for articles in self._stories():
            self.stories += len(articles)
            for check, what in _CHECKS_OF_STORIES.items():
                yield from check_stories(check, articles, what)

    def _stories(self) -> Iterator[list[int]]:
        """Yield the ids of the stories to check, some at a time, including those that only their history knows."""
        stored = Article._base_manager.order_by("pk").values_list("pk", flat=True)
        begun = Revision.objects.filter(number=1).order_by("article").values_list("article", flat=True)
        # From the smallest id that a database allows: ours begin at 1, a forged one may not.
        newest = FIRST
        while some := sorted(
            {
                *stored.filter(pk__gt=newest)[:STORIES_AT_ONCE],
                *begun.filter(article__gt=newest)[:STORIES_AT_ONCE],
            }
        )[:STORIES_AT_ONCE]:
            newest = some[-1]
            chosen = some if self.whole else [number for number in some if number in self._touched]
            if chosen:
                yield chosen

    def _check_restorations(self) -> Iterator[Finding]:
        self.restorations = listed_restorations()
        yield from check_restorations()

    def _check_pictures(self) -> Iterator[Finding]:
        for some in all_pictures():
            self.pictures += len(some)
            yield from until_unreadable(
                check_pictures(some, self._outside), f"The pictures from {some[0]} on"
            )


def broken_off(verification: Verification, error: Exception) -> Finding:
    """Return the finding that a verification was interrupted, and where; the error's message is stored separately."""
    return Finding(
        None,
        Kind.BROKEN_OFF,
        f"The verification broke off after entry {verification.sequence} and {verification.stories} stories "
        f"({type(error).__name__}): nothing after that was looked at.",
        (changed("the error", "none", str(error)),),
    )


_CHECKS_OF_STORIES: Final = {
    check_impossible_events: "whether actions wrote its entries",
    check_working_rows: "its working copy",
    check_part_keys: "the keys of its parts",
    check_publications: "its versions and addresses",
    check_withheld: "what is withheld of it",
    check_story_status: "its story’s status",
    check_search_texts: "what is searched of it",
    check_live_periods: "when its publications are live",
    check_published_stories: "what its pages are made from",
}

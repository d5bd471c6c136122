"""A run over the whole record: the ledger in its order, then the stories, then the pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection

from stories.domain.ledger import GENESIS, entry_digest
from stories.domain.number_set import NumberSet
from stories.models import Article, EntryKind, LedgerEntry, Picture, Revision
from stories.models.append_only import missing
from stories.queries.verification.consistent_view import consistent_view
from stories.queries.verification.daily_heads import DailyHeads, check_last_head
from stories.queries.verification.entries import check_entry
from stories.queries.verification.erasures import ErasureFound, found_in
from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.part_keys import check_part_keys
from stories.queries.verification.pictures import all_pictures, check_picture
from stories.queries.verification.publications import check_publications
from stories.queries.verification.rows import AT_ONCE, Chunk, fetch
from stories.queries.verification.saved_heads import Head, check_heads, heads_of_runs
from stories.queries.verification.uncovered import Covered
from stories.queries.verification.withheld import check_withheld
from stories.queries.verification.working_rows import check_working_rows

STORIES_AT_ONCE: Final = 100


class Verification:
    """Iterate it for the findings, in the ledger's order; then read its sums.

    `since` is the first entry to look at: the digest of the one before is trusted, and of the rest of the record only
    the stories that entries from there are of are looked at. `against` are heads that were saved earlier.

    Holds some hundred entries or stories at a time, and a bit for each row, so memory does not grow with the ledger.
    """

    def __init__(self, *, since: int = 1, against: Sequence[Head] = ()) -> None:
        self.since = since
        self.against = against
        self.entries = 0
        self.stories = 0
        self.pictures = 0
        self.sequence = since - 1
        self.head = GENESIS
        # Every erasure that was met, oldest first.
        self.erasures: list[ErasureFound] = []
        # The newest of the heads in `against` that the ledger has.
        self.saved = 0
        self._saved = {head.sequence: head.digest for head in against}
        self._covered = Covered()
        self._touched = NumberSet()
        # Unknown after a gap: then nothing can be said of the digest that follows.
        self._previous: bytes | None = GENESIS

    @property
    def rows(self) -> int:
        """How many history rows the entries cover that were looked at."""
        return self._covered.rows

    @property
    def steps(self) -> int:
        """How much was looked at so far, of `total`."""
        return self.entries + (self.stories + self.pictures if self.whole else 0)

    @property
    def whole(self) -> bool:
        """Whether it looks at everything."""
        return self.since == 1

    def total(self) -> int:
        """How much there is to look at: entries, and in a whole run stories and pictures."""
        entries = LedgerEntry.objects.filter(sequence__gte=self.since).count()
        return entries + (Article.objects.count() + Picture.objects.count() if self.whole else 0)

    @property
    def listed(self) -> list[ErasureFound]:
        """The erasures that no saved head vouches for: whoever writes the database can forge order and approval too."""
        return [erasure for erasure in self.erasures if erasure.sequence > self.saved]

    def __iter__(self) -> Iterator[Finding]:
        with consistent_view():
            yield from self._check_guards()
            yield from self._check_entries()
            yield from check_last_head()
            if self.whole:
                yield from self._covered.uncovered()
            yield from self._check_stories()
            if self.whole:
                yield from self._check_pictures()
            yield from check_heads(heads_of_runs(), told="an earlier verification saw it")
            yield from check_heads(self.against, told="the heads were saved")

    def _check_guards(self) -> Iterator[Finding]:
        for table in missing(connection):
            yield Finding(
                None,
                Kind.GUARD,
                f"The table {table} is not guarded against changes; `manage.py migrate` does that.",
            )

    def _check_entries(self) -> Iterator[Finding]:
        trusted = LedgerEntry.objects.filter(sequence=self.since - 1).first()
        if trusted is not None:
            self.head = self._previous = bytes(trusted.digest)
        heads = DailyHeads(since=self.since)
        chunk = None
        while entries := list(
            LedgerEntry.objects.filter(sequence__gt=self.sequence).order_by("sequence")[:AT_ONCE]
        ):
            chunk = fetch(entries, chunk)
            self._covered.add(chunk)
            yield from self._check_chunk(chunk)
            yield from heads.check(entries)

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
            if payload["kind"] == EntryKind.ERASURE:
                self.erasures.append(found_in(chunk.erasures_of(payload), payload))
            yield from check_entry(entry, payload, chunk)

    def _check_chain(self, entry: LedgerEntry) -> Iterator[Finding]:
        gap = entry.sequence - self.sequence - 1
        if gap:
            what = "it is" if gap == 1 else f"it and the {gap - 1} after it are"
            yield Finding(self.sequence + 1, Kind.MISSING, f"{what} missing; entry {entry.sequence} follows.")
            self._previous = None
        digest = bytes(entry.digest)
        if self._saved.get(entry.sequence) == digest.hex():
            self.saved = entry.sequence
        if self._previous is not None and entry_digest(self._previous, entry.payload.encode()) != digest:
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
            for check in (check_working_rows, check_part_keys, check_publications, check_withheld):
                yield from check(articles)

    def _stories(self) -> Iterator[list[int]]:
        """The numbers of the stories to look at, some at a time: also of those that only their history knows."""
        stored = Article._base_manager.order_by("pk").values_list("pk", flat=True)
        begun = Revision.objects.filter(number=1).order_by("article").values_list("article", flat=True)
        newest = 0
        while some := sorted(
            {
                *stored.filter(pk__gt=newest)[:STORIES_AT_ONCE],
                *begun.filter(article__gt=newest)[:STORIES_AT_ONCE],
            }
        )[:STORIES_AT_ONCE]:
            newest = some[-1]
            wanted = some if self.whole else [number for number in some if number in self._touched]
            if wanted:
                yield wanted

    def _check_pictures(self) -> Iterator[Finding]:
        for picture in all_pictures():
            self.pictures += 1
            finding = check_picture(picture)
            if finding is not None:
                yield finding

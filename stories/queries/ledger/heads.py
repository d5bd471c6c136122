"""The ledger's heads, which others save to compare the ledger with later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Max

from stories.domain.ledger import GENESIS
from stories.models import DailyHead, LedgerEntry, VerificationRun

HEADS_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """The last entry of a day, or of all: its sequence, its digest in hex, when it was recorded."""

    sequence: int
    digest: str
    recorded_at: datetime
    # None for the newest entry of all, whose day is not over.
    day: date | None = None


def head() -> tuple[int, str]:
    """Return the newest entry's sequence and digest in hex; 0 and zeros if there is none yet. One query."""
    newest = newest_head()
    return (newest.sequence, newest.digest) if newest else (0, GENESIS.hex())


def newest_sequence() -> int:
    """Return the newest entry's sequence, 0 if there is none yet. One query."""
    # On SQLite a value that is not a number sorts after every number.
    numbers = LedgerEntry.objects.filter(sequence__lt=2**63 - 1)
    return numbers.aggregate(newest=Max("sequence"))["newest"] or 0


def newest_head() -> LedgerHead | None:
    """Return the newest entry, None if there is none yet. One query."""
    row = LedgerEntry.objects.order_by("-sequence").values_list("sequence", "digest", "recorded_at").first()
    return LedgerHead(sequence=row[0], digest=bytes(row[1]).hex(), recorded_at=row[2]) if row else None


def daily_heads(*, before: date | None = None) -> tuple[list[LedgerHead], date | None]:
    """Return the heads of some days, newest first, and the day from which there are earlier ones, None if none are.

    `before` leaves out that day and all after it. One query.
    """
    rows = DailyHead.objects.order_by("-day")
    if before is not None:
        rows = rows.filter(day__lt=before)
    found = list(
        rows.values_list("day", "entry_id", "entry__digest", "entry__recorded_at")[: HEADS_AT_ONCE + 1]
    )
    heads = [
        LedgerHead(day=day, sequence=sequence, digest=bytes(digest).hex(), recorded_at=recorded_at)
        for day, sequence, digest, recorded_at in found[:HEADS_AT_ONCE]
    ]
    return heads, heads[-1].day if len(found) > HEADS_AT_ONCE else None


def last_verification() -> VerificationRun | None:
    """Return the run that ended last, None before the first. One query."""
    return VerificationRun.objects.order_by("-pk").first()

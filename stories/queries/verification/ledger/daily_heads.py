"""Check that each day's head is stored, and is the right entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date

from stories.models import DailyHead, LedgerEntry
from stories.queries.verification.findings import Finding, Kind


class DailyHeads:
    """Recomputes the heads as `actions.record.ledger` stored them, entry after entry, and compares."""

    def __init__(self, *, since: int = 1) -> None:
        self._before = LedgerEntry.objects.filter(sequence=since - 1).first()
        earlier = DailyHead.objects.filter(entry__lt=since - 1).order_by("-day")
        self._newest = earlier.values_list("day", flat=True).first()

    def check(self, entries: Sequence[LedgerEntry]) -> Iterator[Finding]:
        """Find wrong or missing heads before these entries. One query."""
        if not entries:
            return
        first = self._before.sequence if self._before else 0
        stored = DailyHead.objects.filter(entry__gte=first, entry__lt=entries[-1].sequence)
        days: dict[int, date] = dict(stored.values_list("entry_id", "day"))
        for entry in entries:
            before, self._before = self._before, entry
            # If entries between these two are missing, the head is unknown.
            if before is None or before.sequence + 1 != entry.sequence:
                continue
            expected = self._entered(before, entry)
            found = days.pop(before.sequence, None)
            if expected != found:
                yield Finding(before.sequence, Kind.DAILY_HEAD, _message(expected, found))

    def _entered(self, before: LedgerEntry, entry: LedgerEntry) -> date | None:
        day = before.recorded_at.astimezone(UTC).date()
        if entry.recorded_at.astimezone(UTC).date() <= day or (self._newest and self._newest >= day):
            return None
        self._newest = day
        return day


def check_last_head() -> Iterator[Finding]:
    """Find heads at the newest entry, which is the head of no day yet. One query."""
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    for head in DailyHead.objects.filter(entry__gte=newest):
        yield Finding(head.entry_id, Kind.DAILY_HEAD, _message(None, head.day))


def _message(expected: date | None, found: date | None) -> str:
    if found is None:
        return f"it is the last of {expected}, and stories_dailyhead does not have it."
    if expected is None:
        return f"stories_dailyhead has it as the last of {found}, which it is not."
    return f"it is the last of {expected}, and stories_dailyhead has it as that of {found}."

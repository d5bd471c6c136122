"""The range of plausible times, for every way in which a time is entered; and the time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import available_timezones

# Newspapers began in 1605. Times before, or more than ten years ahead, are another system's "no date" or "never"
# (0001-01-01, 9999-12-31): most of them can't even be displayed in every time zone, since the calendar ends there.
EARLIEST: Final = datetime(1600, 1, 1, tzinfo=UTC)
FURTHEST_AHEAD: Final = timedelta(days=3653)


def is_plausible(value: date | datetime, *, at: datetime) -> bool:
    """Return whether a day or an aware time is plausible; `at` is the present."""
    if isinstance(value, datetime):
        return EARLIEST <= value <= at + FURTHEST_AHEAD
    return EARLIEST.date() <= value <= (at + FURTHEST_AHEAD).date()


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the time zones. Python reads them from the files of the machine, each time it is asked."""
    return frozenset(available_timezones())

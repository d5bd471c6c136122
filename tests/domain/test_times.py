"""Which times are plausible."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from stories.domain.times import is_plausible

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(1600, 1, 1, tzinfo=UTC), True),
        (datetime(1599, 12, 31, 23, 59, tzinfo=UTC), False),
        (datetime(1600, 1, 1, tzinfo=timezone(timedelta(hours=1))), False),
        (datetime(2036, 3, 1, tzinfo=UTC), True),
        (datetime(2036, 3, 4, tzinfo=UTC), False),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), False),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), False),
        (date(1, 1, 1), False),
        (date(9999, 12, 31), False),
        (date(1600, 1, 1), True),
        (date(2026, 3, 3), True),
    ],
)
def test_a_time_lies_between_1600_and_ten_years_from_now(value: date | datetime, expected: bool) -> None:
    assert is_plausible(value, at=NOW) is expected

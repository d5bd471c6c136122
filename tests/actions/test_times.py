"""Times given to actions: refused in one sentence if they can't be right."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stories.actions.errors import Refused
from stories.actions.times import current_time, problem_with_time, require_plausible
from tests.factories import MORNING


def test_a_time_without_a_zone_is_none() -> None:
    assert "has no time zone" in problem_with_time(MORNING.replace(tzinfo=None), at=MORNING)


@pytest.mark.parametrize("value", [date(1, 1, 1), date(1599, 12, 31), MORNING + timedelta(days=3_660)])
def test_a_time_of_another_age_is_refused_with_what_was_typed(value: date) -> None:
    with pytest.raises(Refused, match="between the year 1600 and ten years from now") as refused:
        require_plausible(value, at=MORNING)
    assert value.isoformat() in str(refused.value)


@pytest.mark.parametrize("value", [date(1600, 1, 2), MORNING, MORNING + timedelta(days=3_600)])
def test_any_other_time_is_taken(value: date) -> None:
    assert problem_with_time(value, at=MORNING) == ""
    require_plausible(value, at=MORNING)


@pytest.mark.django_db
class TestCurrentTime:
    def test_a_host_that_agrees_with_the_database_has_its_own_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(timezone, "now", lambda: MORNING)
        assert current_time() == MORNING

    @pytest.mark.parametrize("off", [7200.0, -7200.0])
    def test_a_host_that_does_not_has_the_databases(
        self, monkeypatch: pytest.MonkeyPatch, off: float
    ) -> None:
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + off)
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(real() + off, UTC))
        found = (current_time() - datetime.fromtimestamp(real(), UTC)).total_seconds()
        # SQLite has no clock but the host's.
        expected = 0.0 if connection.vendor == "postgresql" else off
        assert abs(found - expected) < 60

"""Times in a form for machines."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from stories.templatetags.moments import machine_time


def test_a_time_is_written_in_the_newsrooms_zone() -> None:
    with timezone.override(ZoneInfo("Europe/Madrid")):
        assert machine_time(datetime(2026, 3, 2, 9, tzinfo=UTC)) == "2026-03-02T10:00:00+01:00"


def test_a_time_from_before_zones_is_written_in_utc() -> None:
    """Madrid kept its own noon until 1901: an offset of -00:14:44 is valid in no format."""
    with timezone.override(ZoneInfo("Europe/Madrid")):
        assert machine_time(datetime(1851, 9, 18, 12, tzinfo=UTC)) == "1851-09-18T12:00:00+00:00"

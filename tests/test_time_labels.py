"""The desk's one form of dates and times."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from stories.time_labels import clock_label, date_label, time_label, zoned_time_label

ROOT = Path(__file__).resolve().parents[1]
LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
# Times for machines and for fields of forms, and the figures' months, are no moments that somebody reads.
ANOTHER_FORM = re.compile(r"""\|time\b|\|date:["'](?!Y-m|YEAR_MONTH)|stories/partials/time\.html""")


def test_a_time_is_in_the_zone_of_whoever_reads() -> None:
    with timezone.override(ZoneInfo("Europe/Madrid")):
        assert time_label(LATE) == "1 Jul 2026, 00:30"
        assert (date_label(LATE), clock_label(LATE)) == ("1 Jul 2026", "00:30")


def test_a_time_is_in_the_language_of_whoever_reads() -> None:
    with translation.override("es"):
        assert time_label(LATE) == "30 jun 2026, 22:30"


def test_a_day_has_no_zone() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert date_label(date(2026, 3, 2)) == "2 Mar 2026"


def test_away_from_the_desk_the_newsrooms_zone_is_named(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    assert zoned_time_label(LATE) == "1 Jul 2026, 00:30 CEST"


@pytest.mark.parametrize("room", ["admin", "stories/audit", "account", "mfa", "usersessions"])
def test_no_page_of_the_desk_has_another_form(room: str) -> None:
    others = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "templates" / room).rglob("*.html"))
        for line in path.read_text().splitlines()
        if ANOTHER_FORM.search(line)
    ]
    assert not others, "Use |desk_time, |desk_date or |clock:\n" + "\n".join(others)

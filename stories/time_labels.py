"""The desk's one form of dates and times: “29 Nov 2026, 14:02”. Its pages name the zone once, at their foot."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext


def date_label(day: date) -> str:
    """Return a day in the desk's form."""
    local = localtime(day) if isinstance(day, datetime) else day
    # In the letters of Django's date filter.
    return str(date_format(local, pgettext("form of a day", "j M Y")))


def clock_label(moment: datetime) -> str:
    """Return the hour and minute of a time, in the zone of whoever reads."""
    return str(date_format(localtime(moment), "H:i"))


def time_label(moment: datetime) -> str:
    """Return a time in the desk's form, in the zone of whoever reads."""
    return f"{date_label(moment)}, {clock_label(moment)}"


def zoned_time_label(moment: datetime) -> str:
    """Return a time in the desk's form with its zone, for what is read away from the desk's pages."""
    return f"{time_label(moment)} {localtime(moment):%Z}"

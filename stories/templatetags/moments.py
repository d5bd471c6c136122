"""Times in the desk’s form, and in one for machines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django import template
from django.utils.timezone import localtime

from stories.time_labels import clock_label, date_label, time_label

register = template.Library()


@register.filter
def desk_time(moment: datetime | None) -> str:
    """Return a time as the desk's pages show it, "" for none."""
    return time_label(moment) if moment else ""


@register.filter
def desk_date(day: date | None) -> str:
    """Return a day as the desk's pages show it, "" for none."""
    return date_label(day) if day else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """Return the hour and minute of a time as the desk's pages show it, "" for none."""
    return clock_label(moment) if moment else ""


@register.filter
def machine_time(moment: datetime) -> str:
    """Return a time for the `datetime` attribute: in the newsroom's zone, to the second.

    HTML has no microseconds. In UTC if the zone's offset had seconds then (Madrid's was -00:14:44 until 1901), which
    no format supports.
    """
    local = localtime(moment)
    offset = local.utcoffset()
    if offset and offset % timedelta(minutes=1):
        local = moment.astimezone(UTC)
    return local.isoformat(timespec="seconds")

"""Times in a form for machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import template
from django.utils.timezone import localtime

register = template.Library()


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

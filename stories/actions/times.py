"""What time it is for whoever writes, and which times are implausible, with one sentence for every action."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.domain.times import is_plausible


def current_time() -> datetime:
    """Return the time for what is written now. One query on PostgreSQL, none on SQLite.

    It is the host's own if that agrees with the database's within what the answer's way took, else the database's: all
    hosts date their writes by one clock.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (theirs,) = cursor.fetchone()
    after = time.time()
    return timezone.now() + timedelta(seconds=max(0.0, theirs - after) - max(0.0, before - theirs))


def problem_with_time(value: date | datetime, *, at: datetime) -> str:
    """Return what is wrong with a date or a time, as a sentence; "" if nothing is. `at` is the present."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return _("The time has no time zone. Give it one, as in 2026-01-31T09:00+00:00.")
    if not is_plausible(value, at=at):
        return _(
            "%(time)s can’t be right: times lie between the year 1600 and ten years from now. Check the date."
        ) % {"time": value.isoformat()}
    return ""


def require_plausible(value: date | datetime, *, at: datetime) -> None:
    """Raise Refused for an implausible date or time. `at` is the present."""
    if problem := problem_with_time(value, at=at):
        raise Refused(problem)

"""Refuse implausible times, with one sentence for every action."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.domain.times import is_plausible


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

"""Form fields for times that handle the hour that comes twice, in the night in which clocks go back.

That night, 02:30 is two times. Django refuses it, which would refuse a whole story for a
time that is stored already and that nobody changed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone, to_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _

_OFFSET: Final = re.compile(r"\s*([+-]\d\d:?\d\d|Z)$")


def possible_times(naive: datetime) -> tuple[datetime, ...]:
    """Return the times, in UTC, that a naive time can mean in the current time zone, in order: none, one or two.

    In UTC, since Python calls a time that comes twice unequal to the same time in any other zone (PEP 495).
    """
    zone = timezone.get_current_timezone()
    found = [naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    offsets = [each.utcoffset() for each in found]
    if offsets[0] == offsets[1]:
        return (found[0].astimezone(UTC),)
    # In an hour that is skipped, fold=1 has the larger offset.
    is_ambiguous = offsets[0] > offsets[1]  # type: ignore[operator]
    return tuple(each.astimezone(UTC) for each in found) if is_ambiguous else ()


def _offset(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()[-6:]


class _TimeOfDay(forms.TimeField):
    """A time of the day, with or without an offset from UTC after it: 02:30+02:00."""

    def to_python(self, value: str | time | None) -> time | None:
        found = _OFFSET.search(value) if isinstance(value, str) else None
        if found is None:
            return super().to_python(value)
        typed = super().to_python(found.string[: found.start()])
        try:
            zone = datetime.fromisoformat(f"2000-01-01T00:00{found[1]}").tzinfo
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return typed.replace(tzinfo=zone) if typed else None


class SplitMomentWidget(AdminSplitDateTime):
    """A day and a time; a time that comes twice is shown with its offset."""

    def decompress(  # type: ignore[override]  # a time that comes twice is text, with its offset
        self, value: datetime | None
    ) -> tuple[date | None, time | str | None]:
        if not value:
            return None, None
        local = to_current_timezone(value)
        if len(possible_times(local.replace(microsecond=0))) == 2:
            return local.date(), f"{local:%H:%M:%S}{_offset(value)}"
        return local.date(), local.time()


class SplitMomentField(forms.SplitDateTimeField):
    """A day and a time in the newsroom's zone. A time that comes twice has to be typed with its offset."""

    widget = SplitMomentWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        day, _hour = self.fields
        hour = _TimeOfDay(error_messages={"invalid": self.error_messages["invalid_time"]})
        hour.required = False
        self.fields = (day, hour)

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        day, hour = data_list or (None, None)
        if isinstance(day, date) and isinstance(hour, time):
            typed = datetime.combine(day, hour)
            if typed.tzinfo is not None:
                return typed
            if len(two_times := possible_times(typed)) == 2:
                raise ValidationError(
                    _(
                        "The clocks go back that night, and %(time)s comes twice. Write %(time)s%(first)s for the "
                        "first, %(time)s%(second)s for the second."
                    )
                    % {
                        "time": f"{typed:%H:%M}",
                        "first": _offset(two_times[0]),
                        "second": _offset(two_times[1]),
                    },
                    code="ambiguous_timezone",
                )
        return super().compress(data_list)


class MomentField(forms.DateTimeField):
    """A time in the browser's own control, in the newsroom's zone, which its label names.

    The control has no room for an offset: of two times, the field's initial one is meant, or else the one nearer to the
    present, since the desk logs what has just happened and sets deadlines in the future.
    """

    initial_time: datetime | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        bound.label = _("%(label)s (%(zone)s)") % {
            "label": bound.label,
            "zone": timezone.get_current_timezone_name(),
        }
        # Forms get the bound field before they clean it.
        self.initial_time = bound.initial if isinstance(bound.initial, datetime) else None
        return bound

    def to_python(self, value: str | datetime | date | None) -> datetime | None:
        if isinstance(value, str) and "T" in value:
            try:
                typed = datetime.fromisoformat(value.strip())
            except ValueError:
                return super().to_python(value)
            if typed.tzinfo is None and len(two_times := possible_times(typed)) == 2:
                return self._choose(two_times)
            return from_current_timezone(typed)
        return super().to_python(value)

    def _choose(self, two_times: tuple[datetime, ...]) -> datetime:
        if self.initial_time is not None:
            minute = self.initial_time.replace(second=0, microsecond=0)
            if minute in two_times:
                return minute
        now = timezone.now()
        return min(two_times, key=lambda each: abs(each - now))


def moment_field(**options: Any) -> MomentField:
    """Make a field of a time to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(widget=widget, **options)

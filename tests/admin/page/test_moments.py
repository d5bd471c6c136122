"""Times typed into forms, in the night in which one hour comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone

from stories.admin.page.moments import SplitMomentField, moment_field, possible_times

FIRST = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
SECOND = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_madrid() -> Iterator[None]:
    with timezone.override(ZoneInfo("Europe/Madrid")):
        yield


class StoryForm(forms.Form):
    asked = SplitMomentField(required=False)


class DeskForm(forms.Form):
    deadline = moment_field(required=False)


def typed(day: str, hour: str) -> StoryForm:
    return StoryForm({"asked_0": day, "asked_1": hour})


def input_values(moment: datetime) -> list[str]:
    """Return the values of the two inputs for a time."""
    widget = StoryForm().fields["asked"].widget
    return [part["value"] for part in widget.get_context("asked", moment, {})["widget"]["subwidgets"]]


@pytest.mark.parametrize("moment", [FIRST, SECOND])
def test_a_time_that_comes_twice_is_saved_again_as_it_was(moment: datetime) -> None:
    day, hour = input_values(moment)
    form = StoryForm({"asked_0": day, "asked_1": hour}, initial={"asked": moment})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["asked"] == moment
    assert not form.has_changed()


def test_a_time_that_comes_twice_is_asked_which_it_is() -> None:
    form = typed("2025-10-26", "02:30")
    assert not form.is_valid()
    (message,) = form.errors["asked"]
    assert message == (
        "The clocks go back that night, and 02:30 comes twice. Write 02:30+02:00 for the first, 02:30+01:00 for the "
        "second."
    )


@pytest.mark.parametrize(
    ("hour", "moment"),
    [("02:30+02:00", FIRST), ("02:30 +01:00", SECOND), ("00:30Z", FIRST), ("02:30+0200", FIRST)],
)
def test_a_time_may_say_its_offset(hour: str, moment: datetime) -> None:
    form = typed("2025-10-26", hour)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["asked"] == moment


def test_any_other_time_is_typed_and_shown_without_an_offset() -> None:
    moment = datetime(2025, 10, 27, 0, 30, 17, tzinfo=UTC)
    assert input_values(moment) == ["2025-10-27", "01:30:17"]
    form = typed("2025-10-27", "01:30:17")
    assert form.is_valid()
    assert form.cleaned_data["asked"] == moment


@pytest.mark.parametrize(
    ("day", "hour"),
    [("2026-03-29", "02:30"), ("2025-10-26", "02:30+99:00"), ("2025-10-26", "25:00"), ("2025-10-26", "")],
)
def test_a_time_that_is_none_is_refused(day: str, hour: str) -> None:
    assert not typed(day, hour).is_valid()


def test_nothing_typed_is_no_time() -> None:
    form = typed("", "")
    assert form.is_valid()
    assert form.cleaned_data["asked"] is None


def test_an_hour_that_is_left_out_means_nothing() -> None:
    assert possible_times(datetime.fromisoformat("2026-03-29T02:30")) == ()
    assert possible_times(datetime.fromisoformat("2025-10-26T02:30")) == (FIRST, SECOND)


@pytest.mark.parametrize("moment", [FIRST, SECOND])
def test_a_deadline_that_comes_twice_stays_as_it_was(moment: datetime) -> None:
    form = DeskForm({"deadline": "2025-10-26T02:30"}, initial={"deadline": moment})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["deadline"] == moment


def test_of_a_time_that_comes_twice_the_desk_means_the_one_nearer_to_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for now, meant in (
        (datetime(2025, 10, 1, tzinfo=UTC), FIRST),
        (datetime(2025, 11, 1, tzinfo=UTC), SECOND),
    ):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        form = DeskForm({"deadline": "2025-10-26T02:30"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["deadline"] == meant


def test_an_hour_that_is_left_out_is_no_deadline() -> None:
    assert not DeskForm({"deadline": "2026-03-29T02:30"}).is_valid()

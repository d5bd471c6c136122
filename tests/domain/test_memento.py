"""The links of RFC 7089, as its clients read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.domain.memento import (
    Memento,
    Original,
    http_time,
    in_force,
    read_time,
    timegate_links,
    timemap,
)
from tests.factories import MORNING, minutes

ORIGINAL = Original(
    address="https://n.example/s/", timegate="https://n.example/g/", timemap="https://n.example/m/"
)
THREE = [Memento(f"https://n.example/{number}/", minutes(10 * number)) for number in (1, 2, 3)]


def test_a_time_is_written_and_read_as_http_does() -> None:
    assert http_time(MORNING) == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert read_time("Mon, 02 Mar 2026 09:00:00 GMT") == MORNING


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2026-03-02", "Mon, 32 Mar 2026 09:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -1200"],
)
def test_what_is_no_time_is_none(written: str) -> None:
    assert read_time(written) is None


@pytest.mark.parametrize(
    ("minute", "place"), [(0, 0), (9, 0), (10, 0), (19, 0), (20, 1), (29, 1), (30, 2), (9_999, 2)]
)
def test_the_version_in_force_is_the_newest_by_then(minute: int, place: int) -> None:
    assert in_force(THREE, minutes(minute)) == place


def test_without_a_time_it_is_the_last() -> None:
    assert in_force(THREE, None) == 2


def test_a_version_counts_from_the_second_in_which_it_went_live() -> None:
    later = [THREE[0], Memento("x", minutes(20) + timedelta(milliseconds=700))]
    assert in_force(later, minutes(20)) == 1


def test_a_timegate_names_the_neighbours_of_what_it_chose() -> None:
    links = timegate_links(ORIGINAL, THREE, 1)
    assert '<https://n.example/s/>; rel="original"' in links
    assert f'<https://n.example/1/>; rel="first prev memento"; datetime="{http_time(minutes(10))}"' in links
    assert '<https://n.example/2/>; rel="memento"' in links
    assert '<https://n.example/3/>; rel="next last memento"' in links


def test_the_only_version_is_first_and_last() -> None:
    assert '<https://n.example/1/>; rel="first last memento"' in timegate_links(ORIGINAL, THREE[:1], 0)


def test_a_timemap_lists_every_version_with_its_time() -> None:
    lines = timemap(ORIGINAL, THREE).split(",\n")
    assert lines[0] == '<https://n.example/s/>; rel="original"'
    assert f'from="{http_time(minutes(10))}"; until="{http_time(minutes(30))}"' in lines[1]
    assert lines[2] == '<https://n.example/g/>; rel="timegate"'
    assert len(lines) == 6

"""Which addresses reach one person."""

from __future__ import annotations

import pytest

from stories.domain.mailbox import mailbox


@pytest.mark.parametrize(
    "address",
    ["maya@news.example.org", "MAYA@News.Example.Org", " maya@news.example.org", "maya+x+y@news.example.org"],
)
def test_capitals_and_what_follows_a_plus_sign_name_no_other_person(address: str) -> None:
    assert mailbox(address) == "maya@news.example.org"


def test_full_stops_name_none_where_the_host_says_so() -> None:
    assert mailbox("ma.ya@googlemail.com") == mailbox("maya+2@gmail.com") == "maya@gmail.com"
    assert mailbox("ma.ya@news.example.org") != mailbox("maya@news.example.org")


@pytest.mark.parametrize("address", ["", "maya", "@news.example.org", "+x@news.example.org"])
def test_what_is_no_address_reaches_nobody(address: str) -> None:
    assert mailbox(address) == ""

"""A request's address is what our own proxies have seen, never what a client says of itself."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from stories.client_address import client_address, client_network

PROXY = "10.0.0.1"


def address_of(settings: Settings, proxies: int, forwarded: str | None, remote: str | None = PROXY) -> str:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    if remote is not None:
        request.META["REMOTE_ADDR"] = remote
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


@pytest.mark.parametrize("forwarded", [None, "", "203.0.113.7", "1.1.1.1, 203.0.113.7"])
def test_without_a_proxy_the_header_is_not_believed(settings: Settings, forwarded: str | None) -> None:
    assert address_of(settings, 0, forwarded, "198.51.100.4") == "198.51.100.4"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1,2.2.2.2 ,  203.0.113.7  ", "203.0.113.7"),
        (1, "<script>, 203.0.113.7", "203.0.113.7"),
        (2, "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        (3, ", ,1.1.1.1, 203.0.113.7, 10.0.0.8, 10.0.0.9", "203.0.113.7"),
    ],
)
def test_behind_proxies_it_is_the_entry_of_the_outermost_one(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    assert address_of(settings, proxies, forwarded) == address


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_it_is_read_in_each_way_of_writing_and_given_in_one(
    settings: Settings, entry: str, address: str
) -> None:
    assert address_of(settings, 1, f"1.1.1.1, {entry}") == address


@pytest.mark.parametrize("proxies", [1, 2, 9])
@pytest.mark.parametrize(
    "forwarded",
    [
        None,
        "",
        ",",
        "unknown",
        "_hidden, unknown, _x,,,,,,,,",
        "[",
        "[]",
        ":",
        "999.1.1.1" + ", 10.0.0.9" * 8,
        "203.0.113.7\n, x" + ", x" * 8,
        "a" * 8_000,
        "\xff\x00" * 20,
    ],
)
def test_an_entry_that_is_missing_or_no_address_leaves_what_connected(
    settings: Settings, proxies: int, forwarded: str | None
) -> None:
    assert address_of(settings, proxies, forwarded) in (PROXY, "10.0.0.9")


def test_fewer_entries_than_proxies_are_not_believed(settings: Settings) -> None:
    assert address_of(settings, 2, "203.0.113.7") == PROXY


@pytest.mark.parametrize("remote", [None, "", "unix:", "/run/newsroom/web.sock"])
def test_on_a_unix_socket_it_is_what_the_proxy_says_or_unknown(
    settings: Settings, remote: str | None
) -> None:
    assert address_of(settings, 0, "203.0.113.7", remote) == ""
    assert address_of(settings, 1, "203.0.113.7", remote) == "203.0.113.7"
    assert address_of(settings, 2, "203.0.113.7", remote) == ""


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_network_is_one_address_or_what_one_client_of_ipv6_has(remote: str, network: str) -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=remote)) == network

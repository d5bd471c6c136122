"""Passwords can't be guessed: not at the sign-in, not by who is signed in, and not by asking several processes."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.admin.sign_in.known_browsers import COOKIE
from stories.models import FailedAttempt, User
from tests import factories as make

pytestmark = pytest.mark.django_db

REFUSED = "Too many attempts have failed. Wait 5 minutes, then try again."
WRONG = "The e-mail address or the password is wrong."


def sign_in(client: Client, email: str, password: str, address: str = "203.0.113.7") -> Any:
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, REMOTE_ADDR=address)


def guess(email: str, address: str = "203.0.113.7", *, times: int = 5) -> Any:
    """Guess wrong, each time in a new browser."""
    for _each in range(times):
        response = sign_in(Client(), email, "wrong", address)
    return response


def is_in(response: Any) -> bool:
    return response.status_code == 302


@pytest.mark.both_databases
def test_after_sixty_wrong_passwords_in_two_browsers_the_right_one_is_refused_too(rosa: User) -> None:
    clients = Client(), Client()
    for number in range(60):
        response = sign_in(clients[number % 2], rosa.email, f"wrong {number}")
        assert (WRONG if number < 5 else REFUSED) in response.text
    for client in clients:
        refused = sign_in(client, rosa.email, make.PASSWORD)
        assert not is_in(refused)
        assert REFUSED in refused.text


def test_whoever_remembers_in_time_is_in_and_can_be_out_and_in_again(rosa: User) -> None:
    guess(rosa.email, times=4)
    for _each in range(8):
        assert is_in(sign_in(Client(), rosa.email, make.PASSWORD))
    assert FailedAttempt.objects.count() == 4 * 3


def test_the_answer_is_the_same_whether_or_not_there_is_such_an_account(rosa: User) -> None:
    def answers(email: str) -> list[str]:
        return [sign_in(Client(), email, "wrong").text.replace(email, "") for _each in range(7)]

    def without_tokens(texts: list[str]) -> list[str]:
        return [" ".join(line for line in text.splitlines() if "csrf" not in line) for text in texts]

    assert without_tokens(answers(rosa.email)) == without_tokens(answers("nobody@example.org"))


def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    rosa: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    sign_in(Client(), rosa.email, "wrong")
    known = len(hashed)
    sign_in(Client(), "nobody@example.org", "wrong")
    assert (known, len(hashed)) == (1, 2)


def test_an_attacker_elsewhere_does_not_keep_the_owner_out(rosa: User) -> None:
    assert REFUSED in guess(rosa.email, times=6).text
    assert is_in(sign_in(Client(), rosa.email, make.PASSWORD, "198.51.100.4"))


def test_an_attacker_with_many_addresses_does_not_keep_the_owner_out_of_her_own_browser(
    rosa: User, settings: Settings
) -> None:
    settings.ATTEMPT_LIMITS = {**settings.ATTEMPT_LIMITS, "account": (3, 60)}
    hers = Client()
    assert is_in(sign_in(hers, rosa.email, make.PASSWORD))
    hers.post(reverse("account_logout"))
    for number in range(4):
        refused = guess(rosa.email, f"198.51.100.{number}", times=1)
    assert "Wait 60 minutes" in refused.text
    assert not is_in(sign_in(Client(), rosa.email, make.PASSWORD, "192.0.2.1"))
    assert is_in(sign_in(hers, rosa.email, make.PASSWORD, "192.0.2.1"))


def test_a_browser_is_known_for_the_account_that_was_signed_in_with_it_alone(
    rosa: User, editor: User, settings: Settings
) -> None:
    settings.ATTEMPT_LIMITS = {**settings.ATTEMPT_LIMITS, "account": (1, 60)}
    client = Client()
    sign_in(client, rosa.email, make.PASSWORD)
    client.post(reverse("account_logout"))
    guess(editor.email, "198.51.100.1", times=1)
    assert not is_in(sign_in(client, editor.email, make.PASSWORD))
    forged = Client()
    forged.cookies[COOKIE] = client.cookies[COOKIE].value[:-2] + "xx"
    guess(rosa.email, "198.51.100.1", times=1)
    assert not is_in(sign_in(forged, rosa.email, make.PASSWORD))


def test_the_cookie_of_a_known_browser_names_nobody_and_goes_to_pages_of_accounts_alone(
    rosa: User, editor: User
) -> None:
    client = Client()
    for user in (rosa, editor):
        sign_in(client, user.email, make.PASSWORD)
        client.post(reverse("account_logout"))
    cookie = client.cookies[COOKIE]
    assert cookie["path"] == "/admin/account/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "example.org" not in cookie.value
    # Both still count as known: each signs in under a name of its own.
    guess(rosa.email, "198.51.100.1", times=5)
    assert is_in(sign_in(client, rosa.email, make.PASSWORD, "198.51.100.1"))


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ:1:x", "\x00", "é"])
def test_a_cookie_that_is_none_of_ours_is_no_known_browser(rosa: User, cookie: str) -> None:
    client = Client()
    client.cookies[COOKIE] = cookie
    assert is_in(sign_in(client, rosa.email, make.PASSWORD))


def test_one_network_that_tries_many_accounts_is_refused(rosa: User, settings: Settings) -> None:
    settings.ATTEMPT_LIMITS = {**settings.ATTEMPT_LIMITS, "client": (4, 15)}
    for number in range(4):
        guess(f"{number}@example.org", f"2001:db8:1:2::{number}", times=1)
    assert "Wait 15 minutes" in guess("4@example.org", "2001:db8:1:2:ffff::1", times=1).text
    assert WRONG in guess("4@example.org", "2001:db8:1:3::1", times=1).text


def test_behind_a_proxy_the_clients_address_counts(rosa: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    data = {"login": rosa.email, "password": "wrong"}
    for _each in range(6):
        Client().post(reverse("account_login"), data, headers={"x-forwarded-for": "9.9.9.9, 203.0.113.7"})
    right = {"login": rosa.email, "password": make.PASSWORD}
    here = Client().post(reverse("account_login"), right, headers={"x-forwarded-for": "8.8.8.8, 203.0.113.7"})
    there = Client().post(
        reverse("account_login"), right, headers={"x-forwarded-for": "9.9.9.9, 203.0.113.8"}
    )
    assert (is_in(here), is_in(there)) == (False, True)


def test_without_a_clients_address_the_account_is_still_protected(rosa: User) -> None:
    assert REFUSED in guess(rosa.email, "", times=6).text
    assert is_in(sign_in(Client(), make.make_user(None, name="olga").email, make.PASSWORD, ""))


@pytest.mark.parametrize(
    ("page", "data", "sentence"),
    [
        ("account_reauthenticate", {"password": "wrong"}, "This is not your password."),
        (
            "account_change_password",
            {"oldpassword": "wrong", "password1": "a long enough one", "password2": "a long enough one"},
            "This is not your present password.",
        ),
        (
            "account_email",
            {"address": "other@example.org", "password": "wrong"},
            "This is not your present password.",
        ),
    ],
)
def test_whoever_is_signed_in_guesses_no_faster(
    rosa: User, page: str, data: dict[str, str], sentence: str
) -> None:
    client = make.signed_in(rosa)
    answers = [client.post(reverse(page), data).text for _each in range(7)]
    assert [sentence in answer for answer in answers] == [True] * 5 + [False] * 2
    assert [REFUSED in answer for answer in answers] == [False] * 5 + [True] * 2
    # One count for all of them.
    assert REFUSED in sign_in(Client(), rosa.email, make.PASSWORD, "127.0.0.1").text


class BrokenCache(BaseCache):
    """A cache that is down."""

    def __init__(self, *args: object) -> None:
        super().__init__({})

    def _fail(self, *args: object, **kwargs: object) -> Any:
        raise ConnectionError

    add = get = set = touch = delete = clear = _fail


@pytest.mark.parametrize(
    "cache", ["django.core.cache.backends.dummy.DummyCache", f"{__name__}.BrokenCache"], ids=["dummy", "down"]
)
def test_the_counts_are_right_without_a_cache(rosa: User, settings: Settings, cache: str) -> None:
    settings.CACHES = {"default": {"BACKEND": cache}}
    assert WRONG in guess(rosa.email, times=5).text
    assert REFUSED in guess(rosa.email, times=1).text
    client = Client()
    assert is_in(sign_in(client, rosa.email, make.PASSWORD, "198.51.100.4"))
    for page in ("account_email", "account_change_password", "account_reauthenticate", "usersessions_list"):
        assert client.get(reverse(page)).status_code == 200
        assert client.post(reverse(page), {}).status_code < 400
    assert Client().get(reverse("account_reset_password")).status_code == 200


def test_a_refusal_is_logged_without_what_was_typed(rosa: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="stories.admin.sign_in.log"):
        guess(rosa.email, times=6)
    assert "one more was refused, from 203.0.113.7." in caplog.text
    assert "rosa" not in caplog.text
    assert "wrong" not in caplog.text

"""People see where they are signed in, and sign out there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stories.admin.sign_in.browsers import browser_in_words
from stories.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML) Version/18.0 Safari/604.1"
LIST = "/admin/account/sessions/"


def browser_of(user: User, agent: str = FIREFOX, address: str = "203.0.113.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def test_the_list_names_browser_address_and_time_and_which_is_this_one(rosa: User) -> None:
    here, _there = browser_of(rosa), browser_of(rosa, SAFARI, "2001:db8::7")
    page = here.get(LIST).text
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "From 203.0.113.7" in page
    assert "From 2001:db8::7" in page
    assert page.index("this one") < page.index("Safari on iPhone")
    assert page.count("this one") == 1


def test_behind_a_proxy_the_clients_address_is_listed(rosa: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    client = Client(headers={"x-forwarded-for": "9.9.9.9, 203.0.113.9"})
    client.post(reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD})
    assert "From 203.0.113.9" in client.get(LIST).text


@pytest.mark.parametrize("forwarded", ["", "x", "1.2.3.4"])
def test_a_proxy_that_says_nothing_useful_is_no_fault(rosa: User, settings: Settings, forwarded: str) -> None:
    settings.TRUSTED_PROXIES = 3
    client = Client(headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="")
    client.post(reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD})
    assert "From an unknown address" in client.get(LIST).text


def test_one_session_is_signed_out_elsewhere_and_its_cookie_is_dead(rosa: User) -> None:
    here, there, third = browser_of(rosa), browser_of(rosa, SAFARI), browser_of(rosa)
    stolen = there.cookies[django_settings.SESSION_COOKIE_NAME].value
    number = UserSession.objects.get(user_agent=SAFARI).pk
    answer = here.post(LIST, {"session": number}, follow=True)
    assert "1 other session is signed out." in answer.text
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = stolen
    assert not is_in(thief)


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 30])
def test_what_is_no_session_ends_none(rosa: User, number: str) -> None:
    here, there = browser_of(rosa), browser_of(rosa)
    here.post(LIST, {"session": number})
    assert [is_in(client) for client in (here, there)] == [True, True]


def test_all_others_are_signed_out_at_once(rosa: User) -> None:
    here, there, third = browser_of(rosa), browser_of(rosa, SAFARI), browser_of(rosa)
    assert "2 other sessions are signed out." in here.post(LIST, {}, follow=True).text
    assert [is_in(client) for client in (here, there, third)] == [True, False, False]
    assert "No other session was open any more." in here.post(LIST, {}, follow=True).text


def test_nobody_ends_sessions_of_others(rosa: User, editor: User) -> None:
    hers, his = browser_of(rosa), browser_of(editor)
    number = UserSession.objects.get(user=editor).pk
    for wrong in (number, 10**30, "x", "-1", "1e3"):
        hers.post(LIST, {"session": wrong})
    assert is_in(his)


def test_another_password_signs_everybody_else_out(rosa: User) -> None:
    here, there = browser_of(rosa), browser_of(rosa)
    new = {"oldpassword": make.PASSWORD, "password1": "a long enough one", "password2": "a long enough one"}
    answer = here.post(reverse("account_change_password"), new, follow=True)
    assert "Wherever else you were signed in, you are signed out." in answer.text
    assert [is_in(client) for client in (here, there)] == [True, False]
    assert here.get(LIST).text.count("From 203.0.113.7") == 1


def test_who_sets_a_password_while_the_account_is_shut_does_not_open_it_again(
    rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(_password: str, user: User) -> None:
        """What checks a password takes a while, in which a managing editor shuts the account."""
        User.objects.filter(pk=user.pk).update(is_active=False, is_staff=False)

    here = browser_of(rosa)
    monkeypatch.setattr("allauth.account.adapter.validate_password", shut)
    new = {"oldpassword": make.PASSWORD, "password1": "a long enough one", "password2": "a long enough one"}
    here.post(reverse("account_change_password"), new)
    rosa.refresh_from_db()
    assert rosa.check_password("a long enough one")
    assert (rosa.is_active, rosa.is_staff) == (False, False)


def test_a_password_that_was_set_by_a_script_signs_everybody_out(rosa: User) -> None:
    here = browser_of(rosa)
    rosa.set_password("a long enough one")
    rosa.save()
    assert not is_in(here)


def test_no_session_lives_on_under_another_secret_key(rosa: User, settings: Settings) -> None:
    here = browser_of(rosa)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key for tests alone"
    # Django would give it another key, which is in no list, so that neither its owner nor a reset could end it.
    assert not is_in(here)
    assert not Session.objects.exists()


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(rosa: User) -> None:
    here = browser_of(rosa)
    stolen = here.cookies[django_settings.SESSION_COOKIE_NAME].value
    here.post(reverse("account_logout"))
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = stolen
    assert not is_in(thief)
    assert not Session.objects.filter(pk=stolen).exists()


def test_a_session_of_before_the_sign_in_is_not_carried_over(rosa: User) -> None:
    client = Client()
    before = client.session
    before["planted"] = "1"
    before.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(before.session_key)
    client.post(reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD})
    assert client.session.session_key != before.session_key
    assert not Session.objects.filter(pk=before.session_key).exists()


def test_a_session_lasts_two_weeks_and_a_request_writes_nothing(rosa: User) -> None:
    here = browser_of(rosa)
    lasts = Session.objects.get().expire_date - timezone.now()
    assert timedelta(days=13, hours=23) < lasts <= timedelta(days=14)
    with CaptureQueriesContext(connection) as queries:
        here.get(reverse("account_email"))
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
            "Edge on Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.0", "curl/8.0"),
        ("<b>x</b>", "<b>x</b>"),
        ("", "an unknown browser"),
    ],
)
def test_browsers_are_named_as_people_know_them(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


def test_what_a_browser_calls_itself_is_escaped(rosa: User) -> None:
    assert "<b>x</b>" not in browser_of(rosa, "<b>x</b>").get(LIST).text

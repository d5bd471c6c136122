"""Attempts are counted before they are made, for whoever is attempted and for where they come from."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from stories.actions.accounts.attempts import AttemptKind, TooManyAttempts, count_attempt, forget_attempt
from stories.actions.errors import Refused
from stories.models import FailedAttempt

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ROSA = "rosa@example.org"
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.ATTEMPT_LIMITS = {
        "account and client": (3, 5),
        "client": (6, 10),
        "account": (8, 60),
        "mails": (2, 60),
    }


def attempt(
    account: str = ROSA,
    client: str = HERE,
    *,
    kind: AttemptKind = AttemptKind.PASSWORD,
    browser: str = "",
    at: datetime = NOW,
) -> str:
    """Make an attempt that fails; return the sentence of its refusal, "" if it may be made."""
    try:
        count_attempt(kind, account, client=client, browser=browser, at=at)
    except Refused as refusal:
        return str(refusal)
    return ""


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def test_an_account_is_closed_to_an_address_after_so_many_failures_and_opens_by_itself() -> None:
    assert [attempt(at=minutes(number)) for number in (0, 1, 2)] == ["", "", ""]
    assert attempt(at=minutes(3)) == "Too many attempts have failed. Wait 2 minutes, then try again."
    assert attempt(at=minutes(4.5)) == "Too many attempts have failed. Wait a minute, then try again."
    assert attempt(at=minutes(5)) == ""
    assert attempt(at=minutes(5.1)) == "Too many attempts have failed. Wait a minute, then try again."


def test_what_is_refused_is_not_counted_so_that_asking_on_prolongs_nothing() -> None:
    for _each in range(20):
        attempt()
    assert FailedAttempt.objects.filter(at=NOW).count() == 3 * 3
    assert attempt(at=minutes(5)) == ""


def test_the_refusal_knows_its_minutes() -> None:
    for _each in range(3):
        attempt()
    with pytest.raises(TooManyAttempts) as refused:
        count_attempt(AttemptKind.PASSWORD, ROSA, client=HERE, at=NOW)
    assert refused.value.minutes == 5


def test_however_an_address_is_typed_it_is_one_account() -> None:
    assert [attempt(account) for account in (ROSA, " Rosa@Example.ORG", ROSA.upper())] == ["", "", ""]
    assert attempt()


def test_an_attempt_that_succeeded_is_forgotten_and_no_other() -> None:
    attempt()
    for _each in range(10):
        forget_attempt(count_attempt(AttemptKind.PASSWORD, ROSA, client=HERE, at=NOW))
    assert [attempt(), attempt()] == ["", ""]
    assert attempt()


def test_a_client_that_tries_many_accounts_is_refused() -> None:
    assert not any(attempt(f"{number}@example.org") for number in range(6))
    assert attempt("another@example.org") == "Too many attempts have failed. Wait 10 minutes, then try again."
    assert attempt("another@example.org", "198.51.100.1") == ""


def test_clients_whose_address_is_unknown_do_not_keep_each_other_out() -> None:
    assert not any(attempt(f"{number}@example.org", "") for number in range(20))
    assert not any(attempt(client="") for _each in range(3))
    assert attempt(client="")


def test_many_clients_at_one_account_are_refused_but_not_a_browser_in_which_it_was_signed_in() -> None:
    assert not any(attempt(client=f"198.51.100.{number}") for number in range(8))
    assert attempt(client="192.0.2.1") == "Too many attempts have failed. Wait 60 minutes, then try again."
    assert attempt(client="192.0.2.1", browser="hers") == ""


def test_a_browser_in_which_an_account_was_signed_in_has_a_limit_of_its_own() -> None:
    for _each in range(3):
        attempt()
    assert attempt()
    assert not any(attempt(browser="hers") for _each in range(3))
    assert attempt(browser="hers") == "Too many attempts have failed. Wait 5 minutes, then try again."


def test_passwords_and_codes_are_counted_by_themselves() -> None:
    for _each in range(3):
        attempt()
    assert not any(attempt(kind=AttemptKind.CODE) for _each in range(3))
    assert attempt(kind=AttemptKind.CODE)


def test_mails_to_one_mailbox_are_few_wherever_they_are_asked_for() -> None:
    mails = [attempt(client=f"198.51.100.{number}", kind=AttemptKind.MAIL) for number in range(3)]
    assert mails == ["", "", "This was asked for too often. Wait 60 minutes, then try again."]
    assert attempt(client="192.0.2.1", browser="hers", kind=AttemptKind.MAIL)


def test_neither_who_is_attempted_nor_from_where_is_stored() -> None:
    attempt()
    stored = repr(list(FailedAttempt.objects.values()))
    assert "rosa" not in stored
    assert HERE not in stored


def test_old_rows_go_as_new_ones_come() -> None:
    attempt("old@example.org")
    attempt(at=minutes(61))
    assert set(FailedAttempt.objects.values_list("at", flat=True)) == {minutes(61)}


@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_rolled_back_takes_a_count_with_it() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        attempt()


def test_counting_costs_as_much_after_many_failures() -> None:
    with CaptureQueriesContext(connection) as first:
        attempt()
    for number in range(5):
        attempt(f"{number}@example.org")
    with CaptureQueriesContext(connection) as later:
        attempt("another@example.org", "192.0.2.1")
    assert len(later) == len(first)

"""Several who guess at once get as many guesses as one, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stories.actions.accounts.attempts import AttemptKind, count_attempt
from stories.models import FailedAttempt, User
from tests import factories as make
from tests.concurrency.stories import fates
from tests.concurrency.writers import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def attempt(account: str = "rosa@example.org", client: str = "203.0.113.7") -> None:
    count_attempt(AttemptKind.PASSWORD, account, client=client, at=timezone.now())


def test_no_two_attempts_at_once_are_both_the_last_that_is_allowed(settings: Settings) -> None:
    settings.ATTEMPT_LIMITS = {**settings.ATTEMPT_LIMITS, "account and client": (2, 5)}
    for _round in range(10):
        FailedAttempt.objects.all().delete()
        attempt()
        assert sorted(fates(at_once(*[attempt] * 3))) == ["done", "refused", "refused"]


def test_attempts_at_several_accounts_from_several_places_do_not_wait_for_each_other_for_ever() -> None:
    for _round in range(10):
        outcomes = at_once(
            lambda: attempt("a@example.org", "203.0.113.1"),
            lambda: attempt("b@example.org", "203.0.113.1"),
            lambda: attempt("b@example.org", "203.0.113.2"),
        )
        assert fates(outcomes) == ["done"] * 3
        FailedAttempt.objects.all().delete()


def test_after_sixty_wrong_passwords_from_two_at_once_the_right_one_is_refused(editor: User) -> None:
    def sign_in(password: str) -> str:
        data = {"login": editor.email, "password": password}
        return Client().post(reverse("account_login"), data).text

    def guess() -> list[str]:
        return [sign_in("wrong") for _each in range(30)]

    outcomes = at_once(guess, guess)
    assert fates(outcomes) == ["done", "done"]
    pages = [page for outcome in outcomes if isinstance(outcome, list) for page in outcome]
    assert len([page for page in pages if "the password is wrong" in page]) == 5
    assert len([page for page in pages if "Too many attempts have failed." in page]) == 55
    assert "Too many attempts have failed." in sign_in(make.PASSWORD)

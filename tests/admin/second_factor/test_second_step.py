"""Between the two steps of a sign-in the account may change: what was begun before then leads nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.accounts.factors import reset_factors
from stories.actions.accounts.password_resets import request_reset, reset_password
from stories.models import User
from stories.models.roles import EDITOR
from tests import factories as make
from tests.factors import code_of, give_app, sign_in_by_password
from tests.outbox import deliver_mails, mailed_token

pytestmark = pytest.mark.django_db

SECOND_STEP = "/admin/account/2fa/authenticate/"


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def secret(emil: User) -> str:
    return give_app(emil)


@pytest.fixture
def window(emil: User, secret: str) -> Client:
    """A window in which Emil has given his password and no code yet."""
    window = Client()
    assert sign_in_by_password(window, emil)["Location"] == SECOND_STEP
    return window


def answer_to_code(window: Client, secret: str) -> str:
    """Give the right code; return what the page says that it leads to."""
    answer = window.post(SECOND_STEP, {"code": code_of(secret)}, follow=True)
    assert "_auth_user_id" not in window.session
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_code_after_another_password_was_set_signs_nobody_in(
    window: Client, emil: User, secret: str, mailoutbox: list[Any]
) -> None:
    request_reset(emil.email)
    deliver_mails()
    reset_password(mailed_token(mailoutbox), "long-and-unusual-7")
    assert "Sign in again" in answer_to_code(window, secret)


def test_a_code_for_an_account_that_was_shut_begins_no_session(
    window: Client, emil: User, secret: str
) -> None:
    User.objects.filter(pk=emil.pk).update(is_active=False)
    answer_to_code(window, secret)
    User.objects.filter(pk=emil.pk).update(is_active=True)
    assert window.get(reverse("account_email")).status_code == 302


def test_whose_factor_is_reset_meanwhile_signs_in_by_password_in_the_same_window(
    window: Client, emil: User, maya: User
) -> None:
    reset_factors(person=emil, user=maya, reason="He stands before me.")
    page = window.get(reverse("account_login"), follow=True)
    assert page.redirect_chain == [(SECOND_STEP, 302), (reverse("account_login"), 302)]
    assert "Your account was changed since you began to sign in." in page.content.decode()
    sign_in_by_password(window, emil)
    assert "_auth_user_id" in window.session

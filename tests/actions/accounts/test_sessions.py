"""What was opened in one browser can be ended from another, and dies with its account."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from stories.actions.accounts.sessions import end_session, end_sessions
from stories.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


def browser_of(user: User) -> Client:
    """Return a browser in which somebody has signed in."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("usersessions_list")).status_code == 200


def test_all_sessions_but_one_are_ended_and_nobody_elses(rosa: User, editor: User) -> None:
    here, there, other = browser_of(rosa), browser_of(rosa), browser_of(editor)
    assert end_sessions(rosa, keep=str(here.session.session_key)) == 1
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)
    assert Session.objects.count() == 2


def test_one_session_is_ended_if_it_is_the_accounts_own(rosa: User, editor: User) -> None:
    here = browser_of(rosa)
    number = UserSession.objects.get().pk
    assert end_session(editor, number) == 0
    assert is_in(here)
    assert end_session(rosa, number) == 1
    assert not is_in(here)
    assert end_session(rosa, number) == 0


def test_a_closed_account_is_signed_out_for_good_even_if_it_is_opened_again(rosa: User) -> None:
    here = browser_of(rosa)
    rosa.refresh_from_db()
    rosa.is_active = False
    rosa.save()
    assert not is_in(here)
    rosa.is_active = True
    rosa.save()
    assert not is_in(here)
    assert not UserSession.objects.exists()


def test_a_saved_account_keeps_its_sessions(rosa: User) -> None:
    here = browser_of(rosa)
    rosa.refresh_from_db()
    rosa.display_name = "Rosa R."
    rosa.save()
    assert is_in(here)

"""What happens to sign-ins is logged: whose account, from where, and nothing that was typed."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

WORD = "a secret word of hers"


def test_each_step_of_an_account_is_logged_by_its_number(
    rosa: User, caplog: pytest.LogCaptureFixture
) -> None:
    new = {"oldpassword": make.PASSWORD, "password1": WORD, "password2": WORD}
    with caplog.at_level(logging.INFO, logger="stories"):
        client, other = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="203.0.113.8")
        other.post(reverse("account_login"), {"login": rosa.email, "password": WORD})
        for each in (client, other):
            each.post(reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD})
        client.post(reverse("usersessions_list"), {})
        client.post(reverse("account_change_password"), new)
        client.post(reverse("account_logout"))
    said = [record.getMessage() for record in caplog.records if record.name == "stories.admin.sign_in.log"]
    assert said == [
        "A sign-in failed, from 203.0.113.8.",
        f"Account {rosa.pk} signed in, from 203.0.113.7.",
        f"Account {rosa.pk} signed in, from 203.0.113.8.",
        f"Account {rosa.pk} ended 1 of its other sessions, from 203.0.113.7.",
        f"Account {rosa.pk} changed its password, from 203.0.113.7.",
        f"Account {rosa.pk} signed out, from 203.0.113.7.",
    ]
    assert "example.org" not in caplog.text
    assert WORD not in caplog.text
    assert make.PASSWORD not in caplog.text

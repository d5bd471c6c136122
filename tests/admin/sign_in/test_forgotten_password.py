"""Who forgot their password gets a link; the answer does not depend on whether there is an account."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import OutboxMessage
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db

PAGE = "/admin/account/password/reset/"


def test_the_sign_in_leads_to_the_page(client: Client) -> None:
    assert reverse("account_reset_password") == PAGE
    assert f'href="{PAGE}"' in client.get(reverse("account_login")).content.decode()


def test_the_answer_is_the_same_for_every_address(client: Client, mailoutbox: list[Any]) -> None:
    make.make_user(REPORTER)
    make.make_user(EDITOR, is_active=False)
    answers = []
    for name in ("rosa", "emil", "nobody"):
        answer = client.post(PAGE, {"email": f"{name}@example.org"}, follow=True)
        answers.append((answer.redirect_chain, answer.content))
    assert answers[0] == answers[1] == answers[2]
    assert OutboxMessage.objects.count() == 3
    assert b"Look into your mail" in answers[0][1]
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]


@pytest.mark.parametrize("address", ["rosa@example.org", "nobody@example.org"])
def test_mails_for_one_address_are_limited_whether_or_not_it_has_an_account(
    client: Client, address: str
) -> None:
    make.make_user(REPORTER)
    for _attempt in range(3):
        assert client.post(PAGE, {"email": address}).status_code == 302
    page = client.post(PAGE, {"email": address.upper()})
    assert "This was asked for too often. Wait 60 minutes" in page.content.decode()
    assert OutboxMessage.objects.count() == 3


@pytest.mark.parametrize("address", ["", "nowhere", "a\x00@example.org", f"{'a' * 300}@example.org"])
def test_what_is_no_address_is_refused(client: Client, address: str) -> None:
    assert client.post(PAGE, {"email": address}).context["form"].errors.keys() == {"email"}
    assert not OutboxMessage.objects.exists()


def test_a_forged_form_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(PAGE, {"email": "rosa@example.org"}).status_code == 403

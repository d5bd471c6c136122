"""The page that changes one's e-mail address, and the one to which the mailed link leads."""

from __future__ import annotations

import logging
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.models import EmailChange, User
from tests import factories as make
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db

NEW = "rosa@elsewhere.example.org"
ASKED = {"address": NEW, "password": make.PASSWORD}
PAGE = "/admin/account/email/"


@pytest.fixture
def client_of_rosa(rosa: User) -> Client:
    return make.signed_in(rosa)


def link() -> str:
    """Return the path and query of the link in the last mail to the new address."""
    deliver_mails()
    body = next(str(letter.body) for letter in reversed(mail.outbox) if letter.to == [NEW])
    found = re.search(r"http://testserver(/\S+)", body)
    assert found is not None
    return found.group(1)


def test_an_address_is_asked_for_confirmed_and_used(rosa: User, client_of_rosa: Client) -> None:
    former = rosa.email
    asked = client_of_rosa.post(PAGE, ASKED, follow=True)
    assert "A link has been mailed to the new address." in asked.text
    assert NEW in asked.text
    opened = client_of_rosa.get(link(), follow=True)
    assert opened.redirect_chain == [(reverse("account_confirm_email"), 302)]
    rosa.refresh_from_db()
    assert rosa.email == former
    assert NEW in opened.text
    done = client_of_rosa.post(reverse("account_confirm_email"), follow=True)
    assert "Your e-mail address is changed." in done.text
    for email, status in ((former, 200), (NEW, 302)):
        answer = Client().post(reverse("account_login"), {"login": email, "password": make.PASSWORD})
        assert answer.status_code == status
    again = client_of_rosa.post(reverse("account_confirm_email"))
    assert again.status_code == 410


def test_the_present_password_is_asked_for(client_of_rosa: Client) -> None:
    for password in ("", "wrong"):
        client_of_rosa.post(PAGE, ASKED | {"password": password})
    assert not EmailChange.objects.exists()


def test_the_link_opens_for_who_is_signed_in_to_the_account_alone(
    rosa: User, editor: User, client_of_rosa: Client
) -> None:
    client_of_rosa.post(PAGE, ASKED)
    mailed = link()
    other = make.signed_in(editor)
    answer = other.get(mailed, follow=True)
    assert answer.status_code == 410
    assert "for another account than the one that you are signed in to" in answer.text
    assert NEW not in answer.text
    assert other.post(reverse("account_confirm_email")).status_code == 410
    editor.refresh_from_db()
    assert editor.email != NEW


def test_who_is_not_signed_in_signs_in_and_goes_on(rosa: User, client_of_rosa: Client) -> None:
    client_of_rosa.post(PAGE, ASKED)
    later = Client()
    opened = later.get(link())
    assert opened["Referrer-Policy"] == "no-referrer"
    asked = later.get(opened["Location"])
    assert asked["Location"] == f"{reverse('account_login')}?next={reverse('account_confirm_email')}"
    later.post(reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD})
    assert NEW in later.get(reverse("account_confirm_email")).text


def test_the_page_answers_the_same_whether_or_not_an_address_has_an_account(
    rosa: User, editor: User, client_of_rosa: Client
) -> None:
    def answer(address: str) -> str:
        page = client_of_rosa.post(PAGE, ASKED | {"address": address}, follow=True).text
        return re.sub(r"csrfmiddlewaretoken\S* \S*|At [^<]*you asked", "", page).replace(address, "")

    assert answer(editor.email) == answer("nobody@example.org")


def test_what_was_asked_for_can_be_taken_back(client_of_rosa: Client) -> None:
    client_of_rosa.post(PAGE, ASKED)
    mailed = link()
    client_of_rosa.post(PAGE, {"cancel": "1"})
    assert NEW not in client_of_rosa.get(PAGE).text
    assert client_of_rosa.get(mailed, follow=True).status_code == 410


def test_few_mails_are_sent_however_often_somebody_asks(client_of_rosa: Client) -> None:
    pages = [client_of_rosa.post(PAGE, ASKED | {"address": f"{n}@example.org"}).status_code for n in range(6)]
    assert pages == [302] * 3 + [200] * 3
    assert "This was asked for too often." in client_of_rosa.post(PAGE, ASKED).text
    deliver_mails()
    # One for each to the present address, and the last link: the others are void before they are sent.
    assert len(mail.outbox) == 4


def test_a_forged_host_is_in_no_mail(rosa: User, client_of_rosa: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    client_of_rosa.post(PAGE, ASKED, headers=forged)
    deliver_mails()
    assert mail.outbox
    assert not [letter for letter in mail.outbox if "evil.example" in letter.body]
    assert all("http://testserver/admin/account/" in letter.body for letter in mail.outbox)


def test_asking_and_changing_are_logged_without_an_address(
    rosa: User, client_of_rosa: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="stories"):
        client_of_rosa.post(PAGE, ASKED)
        client_of_rosa.get(link())
        client_of_rosa.post(reverse("account_confirm_email"))
    assert f"Account {rosa.pk} asked for another e-mail address, from 127.0.0.1." in caplog.text
    assert f"Account {rosa.pk} changed its e-mail address, from 127.0.0.1." in caplog.text
    assert "example.org" not in caplog.text


def test_no_table_but_that_of_accounts_has_an_address_that_lets_anybody_in(rosa: User, editor: User) -> None:
    # As if some code of django-allauth's had written it.
    EmailAddress.objects.create(user=rosa, email="former@example.org", verified=True, primary=True)
    EmailAddress.objects.create(user=rosa, email=editor.email, verified=True)
    for email in ("former@example.org", editor.email):
        wrong = Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
        assert wrong.status_code == 200
    answer = Client().post(
        reverse("account_login"), {"login": "former@example.org", "password": make.PASSWORD}
    )
    assert answer.status_code == 200
    client = Client()
    client.post(reverse("account_login"), {"login": editor.email, "password": make.PASSWORD})
    assert client.session["_auth_user_id"] == str(editor.pk)
    hers = make.signed_in(rosa)
    assert hers.post(reverse("account_reauthenticate"), {"password": make.PASSWORD}).status_code == 302


def test_no_page_of_an_account_writes_into_the_table_of_django_allauth(
    rosa: User, client_of_rosa: Client
) -> None:
    client_of_rosa.post(PAGE, ASKED)
    client_of_rosa.get(link())
    client_of_rosa.post(reverse("account_confirm_email"))
    Client().post(reverse("account_reset_password"), {"email": NEW})
    for page in ("account_email", "account_change_password", "account_reauthenticate", "mfa_index"):
        client_of_rosa.get(reverse(page))
    Client().post(reverse("account_login"), {"login": NEW, "password": make.PASSWORD})
    assert not EmailAddress.objects.exists()

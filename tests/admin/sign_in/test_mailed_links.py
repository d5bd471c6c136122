"""The pages that mailed links lead to: opened by anybody, used by a form, once; and no token stays in an address."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.actions.accounts.invitations import invitation_link, invite, renew, withdraw
from stories.actions.accounts.password_resets import request_reset
from stories.actions.record.rights import SCRIPT
from stories.models import Invitation, User
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.outbox import deliver_mails, mailed_path

pytestmark = pytest.mark.django_db

PASSWORD = "long-and-unusual-7"
NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}
INVITATION, RESET = "/admin/account/invitation/", "/admin/account/password/new/"


@pytest.fixture
def nils(maya: User) -> User:
    """Nils, who is invited and has the mail."""
    editors = [Group.objects.get(name=EDITOR)]
    return invite(display_name="Nils Newcomer", email="nils@example.org", groups=editors, user=maya).account


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


@pytest.fixture
def link(nils: User, mailoutbox: list[Any]) -> str:
    deliver_mails()
    return mailed_path(mailoutbox)


@pytest.fixture
def reset_link(rosa: User, mailoutbox: list[Any]) -> str:
    return requested(rosa, mailoutbox)


def requested(rosa: User, mailoutbox: list[Any]) -> str:
    """Return the link that Rosa has asked for."""
    request_reset(rosa.email)
    deliver_mails()
    return mailed_path(mailoutbox)


def shown(client: Client, link: str) -> str:
    """Open a link; return what the page that it leads to says."""
    return client.get(link, follow=True).content.decode()


def test_a_link_leaves_the_address_before_any_page_is_shown(client: Client, link: str) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, INVITATION)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = client.get(INVITATION)
    assert page.status_code == 200
    # Browsers send the origin “null” with a form of a page without any referrer, and it would be refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    for each in (answer, page):
        assert each.headers["Cache-Control"] == "no-store"
    assert link.partition("=")[2] not in page.content.decode()
    # Nor does anything of the page come from elsewhere.
    assert not re.findall(r"(?:src|href|action)=.https?:", page.content.decode())


def test_an_invitation_is_accepted_and_its_owner_is_at_the_desk(
    client: Client, link: str, nils: User
) -> None:
    page = shown(client, link)
    assert "Nils Newcomer, you are invited by Maya Managing." in page
    assert "Invitation to The Example Courier" in page
    assert "<li>Editor</li>" in page
    before = client.session.session_key
    answer = client.post(INVITATION, NEW)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert client.get(reverse("admin:index")).context["user"] == nils
    assert "mailed-link" not in str(dict(client.session.items()))


def test_programs_that_look_through_mails_use_nothing_up(link: str) -> None:
    for _time in range(3):
        scanner = Client()
        assert scanner.head(link).status_code == 302
        scanner.get(link, follow=True)
        scanner.options(INVITATION)
    person = Client()
    shown(person, link)
    assert person.post(INVITATION, NEW).headers["Location"] == reverse("admin:index")


def test_an_accepted_invitation_leads_to_the_sign_in(client: Client, link: str) -> None:
    shown(client, link)
    client.post(INVITATION, NEW)
    again = Client()
    answer = again.get(link, follow=True)
    assert answer.status_code == 410
    assert "This invitation was accepted already." in answer.content.decode()
    assert f'href="{reverse("account_login")}"' in answer.content.decode()
    assert "This invitation was accepted already." in again.post(INVITATION, NEW).content.decode()


def test_a_withdrawn_an_expired_and_an_older_link_say_what_to_do(
    client: Client, link: str, nils: User, maya: User
) -> None:
    withdraw(nils, user=maya)
    assert "This invitation was withdrawn." in shown(client, link)
    renew(nils, user=maya)
    assert "Open the one in the newest mail." in shown(client, link)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert "has expired. Ask Maya Managing" in shown(client, link)
    nils.delete()
    assert "This invitation was withdrawn." in shown(client, link)


@pytest.mark.parametrize("address", [INVITATION, RESET])
@pytest.mark.parametrize("query", ["", "?link=", "?link=made-up", "?link=%00", "?link=" + "a" * 5000])
def test_what_is_no_link_says_how_to_open_one(client: Client, address: str, query: str) -> None:
    page = client.get(address + query, follow=True)
    assert page.status_code == 410
    assert "Open the link from the mail again" in page.content.decode()
    assert client.post(address, NEW).status_code == 410


def test_whom_a_script_invited_is_invited_by_nobody_named(client: Client) -> None:
    editors = [Group.objects.get(name=EDITOR)]
    invitation = invite(display_name="Ada", email="ada@example.org", groups=editors, user=SCRIPT, mail=False)
    link = invitation_link(invitation)
    assert "Ada, you are invited." in shown(client, link)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert "Ask whoever invited you to send it again." in shown(client, link)


def test_somebody_else_signs_out_first(link: str, rosa: User, nils: User) -> None:
    client = make.signed_in(rosa)
    page = shown(client, link)
    assert "You are signed in as Rosa Reporter, and this link is for Nils Newcomer." in page
    assert "new_password1" not in page
    # Even with a password, the first press signs out alone.
    answer = client.post(INVITATION, NEW)
    assert answer.headers["Location"] == INVITATION
    nils.refresh_from_db()
    assert not nils.is_active
    assert "new_password1" in client.get(INVITATION).content.decode()
    client.post(INVITATION, NEW)
    assert client.get(reverse("admin:index")).context["user"] == nils


def test_a_weak_or_mistyped_password_is_refused_beside_its_field(
    client: Client, link: str, nils: User
) -> None:
    shown(client, link)
    for wrong, why in (
        ({"new_password1": "1234", "new_password2": "1234"}, "This password is too short."),
        ({"new_password1": PASSWORD, "new_password2": "another"}, "didn’t match"),
        ({}, "This field is required."),
    ):
        page = client.post(INVITATION, wrong)
        assert why in page.content.decode()
        assert "1234" not in page.content.decode()
    nils.refresh_from_db()
    assert not nils.is_active


def test_a_new_password_signs_nobody_in_and_ends_all_sessions(
    client: Client, rosa: User, mailoutbox: list[Any]
) -> None:
    elsewhere = make.signed_in(rosa)
    reset_link = requested(rosa, mailoutbox)
    assert "Rosa Reporter, this will be your password" in shown(client, reset_link)
    answer = client.post(RESET, NEW, follow=True)
    assert answer.redirect_chain == [(reverse("account_login"), 302)]
    assert "Your password is changed. Sign in with it." in answer.content.decode()
    assert client.get(reverse("admin:index")).status_code == 302
    assert elsewhere.get(reverse("admin:index")).status_code == 302
    assert "This link was used already" in shown(Client(), reset_link)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_active": False}, "This account was put out of service."),
        ({"password": "changed"}, "You signed in since this link was mailed"),
    ],
)
def test_a_link_that_was_overtaken_says_what_to_do(
    client: Client, reset_link: str, rosa: User, change: dict[str, Any], sentence: str
) -> None:
    User.objects.filter(pk=rosa.pk).update(**change)
    assert sentence in shown(client, reset_link)


def test_a_newer_and_an_expired_link_say_what_to_do(
    client: Client, reset_link: str, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(minutes=61)
    with monkeypatch.context() as patch:
        patch.setattr("stories.actions.outbox.mailed_links.timezone.now", lambda: later)
        assert "This link has expired." in shown(client, reset_link)
    request_reset(rosa.email)
    assert "A newer link was mailed to you." in shown(client, reset_link)


def test_who_is_signed_in_sets_a_new_password_too(rosa: User, mailoutbox: list[Any]) -> None:
    client = make.signed_in(rosa)
    assert "this will be your password" in shown(client, requested(rosa, mailoutbox))
    assert client.post(RESET, NEW).headers["Location"] == reverse("account_login")


def test_forged_forms_are_refused(link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(link, follow=True)
    assert client.post(INVITATION, NEW).status_code == 403

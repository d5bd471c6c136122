"""An address changes once its owner, signed in to the account, opens the link that was mailed to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.utils import timezone

from stories.actions.accounts.email_changes import (
    EMAIL_CHANGE,
    cancel_email_change,
    confirm_email_change,
    email_change_of,
    request_email_change,
)
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import make_link
from stories.models import EmailChange, OutboxMessage, RightsChange, User
from stories.queries.accounts.email_changes import pending_email_change
from tests.outbox import deliver_mails

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rights_recorded")]

NEW = "rosa@elsewhere.example.org"


def request(user: User, address: str = NEW) -> None:
    request_email_change(user=user, address=address, at=timezone.now())


def token_of(user: User) -> str:
    """Return what the link has that is mailed for what an account asked for."""
    link = make_link(EMAIL_CHANGE, EmailChange.objects.get(account=user).pk)
    assert link is not None
    return parse_qs(urlsplit(link).query)["link"][0]


def letters() -> list[tuple[str, str]]:
    """Return to whom mails went, and their subjects."""
    deliver_mails()
    return [(letter.to[0], str(letter.subject)) for letter in mail.outbox]


def test_both_addresses_are_mailed_and_nothing_changes_before_the_link_is_opened(rosa: User) -> None:
    former = rosa.email
    request(rosa)
    assert letters() == [
        (former, "Another e-mail address was asked for"),
        (NEW, "Confirm your new e-mail address"),
    ]
    assert "http://testserver/admin/account/email/confirm/?link=" in mail.outbox[1].body
    rosa.refresh_from_db()
    assert rosa.email == former


def test_the_link_is_in_no_row(rosa: User) -> None:
    request(rosa)
    payloads: list[Any] = list(OutboxMessage.objects.filter(kind="link").values_list("payload", flat=True))
    assert payloads == [{"link": {"kind": "email-change", "id": EmailChange.objects.get().pk}}]


def test_the_link_changes_the_address_once_and_the_ledger_and_the_former_address_are_told(rosa: User) -> None:
    former = rosa.email
    request(rosa)
    token = token_of(rosa)
    confirm_email_change(user=rosa, token=token)
    rosa.refresh_from_db()
    assert rosa.email == NEW
    assert letters()[-1] == (former, "Your e-mail address was changed")
    change = RightsChange.objects.latest("pk")
    assert (change.user_name, change.holder_id, change.changes) == (
        rosa.get_full_name(),
        rosa.pk,
        [["email", ""]],
    )
    with pytest.raises(Refused, match="was used already"):
        confirm_email_change(user=rosa, token=token)


def test_the_link_works_for_an_hour(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    request(rosa)
    token = token_of(rosa)
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(minutes=61))
    with pytest.raises(Refused, match="has expired"):
        confirm_email_change(user=rosa, token=token)
    assert pending_email_change(rosa, at=timezone.now()) is None


def test_the_link_is_for_the_account_that_asked(rosa: User, editor: User) -> None:
    request(rosa)
    token = token_of(rosa)
    for act in (email_change_of, confirm_email_change):
        with pytest.raises(Refused, match="for another account than the one"):
            act(user=editor, token=token)
    confirm_email_change(user=rosa, token=token)


@pytest.mark.parametrize("token", ["", "x", "1-2-3-4", "é" * 40, "\0"])
def test_what_is_no_link_of_this_site_is_refused(rosa: User, token: str) -> None:
    with pytest.raises(Refused, match="has expired"):
        confirm_email_change(user=rosa, token=token)


def test_another_request_a_withdrawal_another_password_or_address_voids_the_link(rosa: User) -> None:
    def voided(token: str) -> bool:
        try:
            email_change_of(user=User.objects.get(pk=rosa.pk), token=token)
        except Refused:
            return True
        return False

    request(rosa)
    first = token_of(rosa)
    request(rosa, "rosa2@elsewhere.example.org")
    assert voided(first)
    second = token_of(rosa)
    cancel_email_change(user=rosa)
    assert voided(second)
    request(rosa)
    third = token_of(rosa)
    assert not voided(third)
    rosa.set_password("another long one")
    rosa.save()
    assert voided(third)
    request(rosa)
    fourth = token_of(rosa)
    rosa.email = "corrected@example.org"
    rosa.save()
    assert voided(fourth)


def test_that_an_address_has_an_account_is_told_to_nobody_but_its_owner(rosa: User, editor: User) -> None:
    request(rosa, editor.email.upper())
    assert letters() == [
        (rosa.email, "Another e-mail address was asked for"),
        (editor.email, "Somebody asked for your e-mail address"),
    ]
    assert rosa.get_full_name() not in mail.outbox[1].body
    # The page shows the same as for any other address.
    pending = pending_email_change(rosa, at=timezone.now())
    assert pending is not None
    assert pending.address == editor.email


def test_an_address_that_another_account_was_given_meanwhile_stays_with_it(rosa: User, editor: User) -> None:
    former = rosa.email
    request(rosa)
    token = token_of(rosa)
    editor.email = NEW
    editor.save()
    with pytest.raises(Refused, match="Another account has this address by now"):
        confirm_email_change(user=rosa, token=token)
    rosa.refresh_from_db()
    assert rosa.email == former


def test_ones_own_address_and_what_is_no_address_are_refused(rosa: User) -> None:
    with pytest.raises(Refused, match="the address that you have"):
        request(rosa, f" {rosa.email.upper()} ")
    with pytest.raises(Refused, match="valid email"):
        request(rosa, "rosa at home")
    assert letters() == []


@pytest.mark.parametrize("typed", ["\uff4f\uff54\uff48\uff45\uff52@example.org", "other@example.org\u00a0"])
def test_an_address_that_looks_like_another_is_that_one(rosa: User, typed: str) -> None:
    request(rosa, typed)
    assert EmailChange.objects.get().address == "other@example.org"


def test_what_nobody_confirmed_goes_as_others_ask(rosa: User, editor: User) -> None:
    request_email_change(user=rosa, address=NEW, at=timezone.now() - timedelta(hours=2))
    request(editor, "editor@elsewhere.example.org")
    assert [change.account for change in EmailChange.objects.all()] == [editor]


def test_an_account_that_was_closed_gets_no_link(rosa: User) -> None:
    request(rosa)
    rosa.is_active = False
    rosa.save()
    assert [to for to, _subject in letters()] == [rosa.email]

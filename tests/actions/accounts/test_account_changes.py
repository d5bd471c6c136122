"""Whose address is changed is notified where they were; whose account is put out of service is signed out."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from stories.actions.accounts.account_changes import follow_address_change
from stories.actions.accounts.invitations import InvitationStanding, invite, open_invitation, withdraw
from stories.models import OutboxMessage, User
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.outbox import deliver_mails, mailed_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


def moved(account: User, maya: User) -> None:
    old, account.email = account.email, "elsewhere@example.org"
    account.save()
    follow_address_change(account, old_address=old, user=maya)


def test_the_old_address_is_notified_and_never_of_the_new_one(
    maya: User, rosa: User, mailoutbox: list[Any]
) -> None:
    moved(rosa, maya)
    deliver_mails()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        ["rosa@example.org"],
        "Your e-mail address for The Example Courier was changed",
    )
    assert "Maya Managing changed the e-mail address of your account" in mail.body
    assert "elsewhere" not in mail.body


def test_an_invitation_goes_to_the_new_address_and_nowhere_else(maya: User, mailoutbox: list[Any]) -> None:
    editors = [Group.objects.get(name=EDITOR)]
    account = invite(display_name="Nils", email="nils@example.org", groups=editors, user=maya).account
    deliver_mails()
    old = mailed_token(mailoutbox)
    moved(account, maya)
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["nils@example.org"], ["elsewhere@example.org"]]
    assert open_invitation(old)[1] is InvitationStanding.REPLACED
    assert open_invitation(mailed_token(mailoutbox))[1] is InvitationStanding.OPEN
    withdraw(account, user=maya)
    OutboxMessage.objects.all().delete()
    moved(account, maya)
    assert not OutboxMessage.objects.exists()

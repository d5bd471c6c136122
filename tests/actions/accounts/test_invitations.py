"""People are invited, and their account does nothing until they accept, once, with the newest link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pytest_django import Settings

from stories.actions.accounts.invitations import (
    INVITATION,
    InvitationStanding,
    accept,
    invite,
    open_invitation,
    renew,
    withdraw,
)
from stories.actions.actors import holders_of
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import make_link
from stories.models import Invitation, OutboxMessage, RightsChange, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.accounts.tied_accounts import TiedAccounts
from stories.queries.verification import Verification
from tests import factories as make
from tests.outbox import deliver_mails, mailed_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rights_recorded")]

PASSWORD = "long-and-unusual-7"
Standing = InvitationStanding


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


def nils(user: User, role: str = EDITOR) -> Invitation:
    """Invite Nils."""
    groups = [Group.objects.get(name=role)]
    return invite(display_name="Nils Newcomer", email="Nils@Example.ORG", groups=groups, user=user)


def token(mailoutbox: list[Any]) -> str:
    deliver_mails()
    return mailed_token(mailoutbox)


def recorded(holder: User) -> list[tuple[str, list[Any]]]:
    assert not list(Verification())
    changes = RightsChange.objects.filter(holder_id=holder.pk).order_by("pk")
    return [(row.user_name, row.changes) for row in changes]


def test_an_invitation_is_mailed_accepted_and_recorded(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    assert (account.email, account.is_active, account.is_staff) == ("nils@example.org", False, True)
    assert not account.has_usable_password()
    link = token(mailoutbox)
    (mail,) = mailoutbox
    assert mail.to == ["nils@example.org"]
    assert mail.subject == "You are invited to the newsroom of The Example Courier"
    assert (
        "Nils Newcomer, Maya Managing invites you to the newsroom of The Example Courier, as Editor."
        in mail.body
    )
    assert "http://testserver/admin/account/invitation/?link=" in mail.body
    accepted = accept(link, PASSWORD)
    assert accepted.is_active
    assert accepted.check_password(PASSWORD)
    assert recorded(account) == [
        (
            "Maya Managing",
            [["created", ""], ["staff", "yes"], ["active", "no"], ["group-added", "Editor"], ["invited", ""]],
        ),
        ("Nils Newcomer", [["invitation-accepted", ""], ["active", "yes"], ["password", ""]]),
    ]


def test_the_outbox_holds_neither_a_token_nor_an_address(maya: User) -> None:
    invitation = nils(maya)
    payload = OutboxMessage.objects.get().payload
    assert payload == {"link": {"kind": "invitation", "id": invitation.pk}}


def test_until_it_is_accepted_the_account_counts_nowhere(maya: User) -> None:
    account = nils(maya).account
    assert account not in holders_of("stories.publish_article")
    assert not account.has_perm("stories.publish_article")


def test_inviting_ties_the_accounts_as_creating_does(maya: User) -> None:
    account = nils(maya).account
    since = timezone.now() - timedelta(days=1)
    assert TiedAccounts(since).tie(maya.pk, account.pk) is not None


@pytest.mark.parametrize("role", [REPORTER, EDITOR, AUDITOR, OUTSIDE_AUDITOR])
def test_only_a_managing_editor_invites(role: str) -> None:
    with pytest.raises(PermissionDenied):
        nils(make.make_user(role), REPORTER)
    assert not Invitation.objects.exists()


def test_nobody_is_invited_into_a_group_that_may_do_more_than_who_invites(maya: User) -> None:
    owners = Group.objects.create(name="Owners")
    owners.permissions.add(Permission.objects.get(codename="delete_user"))
    for role in ("Owners", AUDITOR):
        with pytest.raises(PermissionDenied):
            nils(maya, role)
    owner = make.make_user(None, name="owner", is_superuser=True)
    assert nils(owner, "Owners").account.groups.get() == owners


def test_what_makes_no_account_is_refused(maya: User) -> None:
    editors = [Group.objects.get(name=EDITOR)]
    for email, name, groups in (
        (maya.email.upper(), "Nils", editors),
        ("nowhere", "Nils", editors),
        ("", "Nils", editors),
        ("nils@example.org", " ", editors),
        ("nils@example.org", "Nils", []),
    ):
        with pytest.raises(Refused):
            invite(display_name=name, email=email, groups=groups, user=maya)
    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_link_works_once(maya: User, mailoutbox: list[Any]) -> None:
    nils(maya)
    link = token(mailoutbox)
    assert open_invitation(link)[1] is Standing.OPEN
    # Whoever opens a link uses nothing up.
    assert open_invitation(link)[1] is Standing.OPEN
    accept(link, PASSWORD)
    assert open_invitation(link)[1] is Standing.ACCEPTED
    with pytest.raises(Refused):
        accept(link, "another-long-one-8")
    assert User.objects.get(email="nils@example.org").check_password(PASSWORD)


def test_accepting_writes_nothing_else_of_the_account(
    maya: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = nils(maya).account

    def changed_meanwhile(_password: str, user: User) -> None:
        User.objects.filter(pk=user.pk).update(is_staff=False, email="other@example.org")

    monkeypatch.setattr("stories.actions.accounts.invitations.validate_password", changed_meanwhile)
    accept(token(mailoutbox), PASSWORD)
    account.refresh_from_db()
    assert (account.is_active, account.is_staff, account.email) == (True, False, "other@example.org")


def test_a_weak_password_leaves_the_invitation_open(maya: User, mailoutbox: list[Any]) -> None:
    nils(maya)
    link = token(mailoutbox)
    for weak in ("1234", "password", "nils@example.org"):
        with pytest.raises(ValidationError):
            accept(link, weak)
    assert open_invitation(link)[1] is Standing.OPEN


def test_what_is_no_link_opens_nothing() -> None:
    assert open_invitation("made-up-by-somebody") == (None, Standing.UNKNOWN)
    with pytest.raises(Refused):
        accept("", PASSWORD)


def test_a_newer_link_voids_older_ones(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    first = token(mailoutbox)
    other = make.make_user(MANAGING_EDITOR, name="mo", display_name="Mo Managing")
    renew(account, user=other)
    second = token(mailoutbox)
    assert open_invitation(first)[1] is Standing.REPLACED
    invitation, standing = open_invitation(second)
    assert invitation is not None
    assert (invitation.sent_by_name, standing) == ("Mo Managing", Standing.OPEN)
    assert recorded(account)[-1] == ("Mo Managing", [["invitation-renewed", ""]])


def test_a_withdrawn_one_is_void_until_it_is_sent_again(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    link = token(mailoutbox)
    withdraw(account, user=maya)
    withdraw(account, user=maya)
    assert open_invitation(link)[1] is Standing.WITHDRAWN
    with pytest.raises(Refused):
        accept(link, PASSWORD)
    assert recorded(account)[1:] == [("Maya Managing", [["invitation-withdrawn", ""]])]
    renew(account, user=maya)
    assert accept(token(mailoutbox), PASSWORD).is_active


def test_a_mail_that_waits_is_not_sent_once_the_invitation_is_withdrawn(
    maya: User, mailoutbox: list[Any]
) -> None:
    withdraw(nils(maya).account, user=maya)
    deliver_mails()
    assert mailoutbox == []
    assert not OutboxMessage.objects.exists()


def test_it_expires_with_its_row_however_late_the_mail_was_sent(
    maya: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.INVITATION_DAYS = 2
    invitation = nils(maya)
    invited_at = invitation.sent_at
    monkeypatch.setattr(timezone, "now", lambda: invited_at + timedelta(days=1, hours=23))
    link = token(mailoutbox)
    assert open_invitation(link)[1] is Standing.OPEN
    monkeypatch.setattr(timezone, "now", lambda: invited_at + timedelta(days=2))
    assert open_invitation(link)[1] is Standing.EXPIRED
    with pytest.raises(Refused):
        accept(link, PASSWORD)
    # Neither is one mailed any more.
    assert make_link(INVITATION, invitation.pk) is None


def test_another_address_voids_the_link(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    link = token(mailoutbox)
    account.email = "elsewhere@example.org"
    account.save()
    assert open_invitation(link)[1] is Standing.REPLACED


def test_an_accepted_one_is_neither_sent_again_nor_withdrawn(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    accept(token(mailoutbox), PASSWORD)
    for act in (renew, withdraw):
        with pytest.raises(Refused, match="Nils Newcomer has no invitation that waits"):
            act(account, user=maya)
        with pytest.raises(Refused, match="has no invitation that waits"):
            act(maya, user=maya)


def test_only_who_may_change_the_account_sends_or_withdraws(maya: User) -> None:
    account = nils(maya).account
    account.groups.add(Group.objects.get(name=AUDITOR))
    for act in (renew, withdraw):
        for user in (make.make_user(EDITOR, name=act.__name__), maya):
            with pytest.raises(PermissionDenied):
                act(account, user=user)


def test_a_deleted_account_has_no_invitation(maya: User, mailoutbox: list[Any]) -> None:
    account = nils(maya).account
    link = token(mailoutbox)
    account.delete()
    assert open_invitation(link) == (None, Standing.WITHDRAWN)

"""A new password is set by a mailed link, once; who may have one does not show to whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.actions.accounts.invitations import accept, invite, withdraw
from stories.actions.accounts.password_resets import (
    ResetStanding,
    open_reset,
    request_reset,
    reset_password,
    send_reset_link,
)
from stories.actions.errors import Refused
from stories.models import OutboxMessage, PasswordReset, RightsChange, User
from stories.models.roles import EDITOR, REPORTER
from stories.queries.accounts.tied_accounts import TiedAccounts
from stories.queries.verification import Verification
from tests import factories as make
from tests.outbox import deliver_mails, mailed_token

pytestmark = pytest.mark.django_db

PASSWORD = "long-and-unusual-7"
Standing = ResetStanding


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


def token(mailoutbox: list[Any]) -> str:
    deliver_mails()
    return mailed_token(mailoutbox)


def test_a_forgotten_password_is_set_by_link_once(rosa: User, mailoutbox: list[Any]) -> None:
    request_reset(" ROSA@example.org ")
    link = token(mailoutbox)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["rosa@example.org"], "A new password for The Example Courier")
    assert "Somebody, you most likely, asked for a new password" in mail.body
    assert "http://testserver/admin/account/password/new/?link=" in mail.body
    assert open_reset(link)[1] is Standing.OPEN
    assert reset_password(link, PASSWORD) == rosa
    rosa.refresh_from_db()
    assert rosa.check_password(PASSWORD)
    assert open_reset(link)[1] is Standing.USED
    with pytest.raises(Refused):
        reset_password(link, "another-long-one-8")
    deliver_mails()
    assert mailoutbox[-1].to == ["rosa@example.org"]
    assert mailoutbox[-1].subject == "Your password for The Example Courier was changed"


def test_the_ledger_says_that_it_was_by_link(
    rosa: User, mailoutbox: list[Any], rights_recorded: None
) -> None:
    request_reset(rosa.email)
    reset_password(token(mailoutbox), PASSWORD)
    change = RightsChange.objects.get()
    assert (change.user_name, change.holder_id, change.changes) == (
        "Rosa Reporter",
        rosa.pk,
        [["password-reset", ""]],
    )
    assert not list(Verification())


def people(maya: User) -> dict[str, str]:
    """Return the address of each kind of person; only the first two may get a mail."""
    make.make_user(REPORTER)
    editors = [Group.objects.get(name=EDITOR)]
    invite(display_name="Nils", email="nils@example.org", groups=editors, user=maya)
    gone = invite(display_name="Gus", email="gus@example.org", groups=editors, user=maya).account
    withdraw(gone, user=maya)
    make.make_user(EDITOR, is_active=False)
    robot = make.make_user(None, name="robot")
    robot.set_unusable_password()
    robot.save()
    OutboxMessage.objects.all().delete()
    return {
        "known": "rosa@example.org",
        "invited": "nils@example.org",
        "withdrawn": "gus@example.org",
        "inactive": "emil@example.org",
        "without a password": "robot@example.org",
        "unknown": "nobody@example.org",
    }


def test_the_same_is_written_whoever_is_asked_for_and_no_address(maya: User) -> None:
    statements = {}
    for kind, address in people(maya).items():
        with CaptureQueriesContext(connection) as queries:
            request_reset(address)
        statements[kind] = [query["sql"].split(" ")[0] for query in queries.captured_queries]
        payload = OutboxMessage.objects.latest("pk").payload
        assert list(payload) == ["link"]
        assert set(payload["link"]) == {"kind", "id"}
    assert len({str(each) for each in statements.values()}) == 1, statements


def test_only_who_can_sign_in_gets_a_link_and_the_invited_their_invitation(
    maya: User, mailoutbox: list[Any]
) -> None:
    for address in people(maya).values():
        request_reset(address)
    deliver_mails()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["rosa@example.org"], "A new password for The Example Courier"),
        (["nils@example.org"], "You are invited to the newsroom of The Example Courier"),
    ]
    assert accept(mailed_token(mailoutbox), PASSWORD).email == "nils@example.org"
    assert not OutboxMessage.objects.exists()


def test_requests_are_forgotten_after_a_week(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    request_reset(rosa.email)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    request_reset("nobody@example.org")
    assert PasswordReset.objects.get().account is None


def test_of_several_links_the_newest_works(rosa: User, mailoutbox: list[Any]) -> None:
    request_reset(rosa.email)
    first = token(mailoutbox)
    request_reset(rosa.email)
    second = token(mailoutbox)
    assert open_reset(first)[1] is Standing.REPLACED
    assert open_reset(second)[1] is Standing.OPEN
    # What somebody asks for another address changes nothing.
    request_reset("nobody@example.org")
    assert open_reset(second)[1] is Standing.OPEN


def test_of_two_requests_before_the_worker_comes_one_mail_is_sent(rosa: User, mailoutbox: list[Any]) -> None:
    request_reset(rosa.email)
    request_reset(rosa.email)
    assert open_reset(token(mailoutbox))[1] is Standing.OPEN
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({"is_active": False}, Standing.INACTIVE),
        ({"password": "changed"}, Standing.OVERTAKEN),
        ({"email": "elsewhere@example.org"}, Standing.OVERTAKEN),
        ({"last_login": make.MORNING}, Standing.OVERTAKEN),
    ],
)
def test_a_link_is_void_once_the_account_changed(
    rosa: User, mailoutbox: list[Any], change: dict[str, Any], standing: ResetStanding
) -> None:
    request_reset(rosa.email)
    link = token(mailoutbox)
    User.objects.filter(pk=rosa.pk).update(**change)
    assert open_reset(link)[1] is standing
    with pytest.raises(Refused):
        reset_password(link, PASSWORD)


def test_a_link_expires_after_an_hour(
    rosa: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    request_reset(rosa.email)
    link = token(mailoutbox)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert open_reset(link)[1] is Standing.EXPIRED
    assert open_reset("made-up-by-somebody") == (None, Standing.UNKNOWN)


def test_a_weak_password_uses_no_link_up(rosa: User, mailoutbox: list[Any]) -> None:
    request_reset(rosa.email)
    link = token(mailoutbox)
    with pytest.raises(ValidationError):
        reset_password(link, "1234")
    assert open_reset(link)[1] is Standing.OPEN


def test_a_managing_editor_lets_a_link_be_sent_which_is_recorded_and_ties_nobody(
    maya: User, rosa: User, mailoutbox: list[Any], rights_recorded: None
) -> None:
    send_reset_link(rosa, user=maya)
    assert "Maya Managing sends you a link to set a new password." in token_mail(mailoutbox).body
    change = RightsChange.objects.get()
    assert (change.user_name, change.changes) == ("Maya Managing", [["reset-link-sent", ""]])
    # It goes to its owner's mailbox, so it gives nobody else the account.
    assert TiedAccounts(timezone.now() - timedelta(days=1)).tie(maya.pk, rosa.pk) is None
    assert not list(Verification())


def token_mail(mailoutbox: list[Any]) -> Any:
    deliver_mails()
    return mailoutbox[-1]


def test_an_account_without_a_password_gets_one_by_a_managing_editors_link_alone(
    maya: User, rosa: User, mailoutbox: list[Any]
) -> None:
    rosa.set_unusable_password()
    rosa.save()
    request_reset(rosa.email)
    deliver_mails()
    assert mailoutbox == []
    send_reset_link(rosa, user=maya)
    assert reset_password(token(mailoutbox), PASSWORD).has_usable_password()


def test_no_link_is_sent_to_who_cannot_sign_in_nor_more_than_three_an_hour(maya: User, rosa: User) -> None:
    away = make.make_user(EDITOR, is_active=False)
    with pytest.raises(Refused, match="Emil Editor can’t sign in"):
        send_reset_link(away, user=maya)
    for _attempt in range(3):
        send_reset_link(rosa, user=maya)
        # Whoever asks for links at the sign-in keeps nobody from sending one.
        request_reset(rosa.email)
    with pytest.raises(Refused, match="was sent 3 links within the last hour"):
        send_reset_link(rosa, user=maya)


def test_only_who_may_change_the_account_lets_a_link_be_sent(maya: User, rosa: User, auditor: User) -> None:
    with pytest.raises(PermissionDenied):
        send_reset_link(auditor, user=maya)
    with pytest.raises(PermissionDenied):
        send_reset_link(maya, user=rosa)
    assert not PasswordReset.objects.exists()

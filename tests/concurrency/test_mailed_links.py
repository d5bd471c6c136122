"""A mailed link that is used twice at once works once, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from stories.actions.accounts.invitations import INVITATION, accept, invite
from stories.actions.accounts.password_resets import RESET, request_reset, reset_password
from stories.actions.outbox.mailed_links import LinkKind, make_link
from stories.models import PasswordReset, RightsChange, User
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.concurrency.stories import fates
from tests.concurrency.writers import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PASSWORDS = ("long-and-unusual-7", "another-long-one-8")


def token(kind: LinkKind, number: int) -> str:
    link = make_link(kind, number)
    assert link is not None
    return link.partition("=")[2]


def once(use: Callable[[str, str], User], link: str) -> User:
    """Use a link twice at once, with two passwords; return whose password is the winner's."""
    outcomes = at_once(*[lambda password=password: use(link, password) for password in PASSWORDS])
    assert sorted(fates(outcomes)) == ["done", "refused"]
    (account,) = [outcome for outcome in outcomes if isinstance(outcome, User)]
    won = PASSWORDS[[isinstance(outcome, User) for outcome in outcomes].index(True)]
    account.refresh_from_db()
    assert account.check_password(won)
    return account


def test_an_invitation_accepted_twice_at_once_is_accepted_once(maya: User, rights_recorded: None) -> None:
    editors = [Group.objects.get(name=EDITOR)]
    invitation = invite(display_name="Nils", email="nils@example.org", groups=editors, user=maya)
    account = once(accept, token(INVITATION, invitation.pk))
    entries = RightsChange.objects.filter(holder_id=account.pk, user_id=account.pk)
    assert entries.get().changes[0] == ["invitation-accepted", ""]


def test_a_password_set_twice_at_once_is_set_once(rights_recorded: None) -> None:
    rosa = make.make_user(REPORTER)
    request_reset(rosa.email)
    once(reset_password, token(RESET, PasswordReset.objects.get().pk))
    assert RightsChange.objects.filter(changes=[["password-reset", ""]]).count() == 1

"""A mailed link that is used twice at once works once, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from stories.actions.accounts.invitations import INVITATION, accept, invite
from stories.actions.accounts.password_resets import RESET, request_reset, reset_password
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import LinkKind, make_link
from stories.models import PasswordReset, RightsChange, User
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.admin.typing import typed_in
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


def status_of_post(desk: Client, address: str, values: dict[str, Any]) -> int:
    return int(desk.post(address, values).status_code)


def test_an_invitation_is_accepted_or_sent_elsewhere_and_neither_waits_for_the_other_for_ever(
    maya: User, rights_recorded: None
) -> None:
    desk = make.signed_in(maya)
    editors = Group.objects.get(name=EDITOR)
    for number in range(5):
        invitation = invite(
            display_name="Nils", email=f"nils{number}@example.org", groups=[editors], user=maya
        )
        address = reverse("admin:stories_user_change", args=[invitation.account_id])
        moved = {**typed_in(desk.get(address)), "email": f"else{number}@example.org", "groups": [editors.pk]}
        link = token(INVITATION, invitation.pk)
        accepted, answer = at_once(
            partial(accept, link, PASSWORDS[0]), partial(status_of_post, desk, address, moved)
        )
        account = User.objects.get(pk=invitation.account_id)
        assert isinstance(accepted, User | Refused)
        assert account.is_active is isinstance(accepted, User)
        assert account.email == f"{'else' if answer == 302 else 'nils'}{number}@example.org"

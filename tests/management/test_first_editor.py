"""The first managing editor is invited by a command, which prints their link."""

from __future__ import annotations

from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from stories.actions.accounts.invitations import InvitationStanding, accept, open_invitation
from stories.models import OutboxMessage, RightsChange, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


def run(name: str = "Ada First", address: str = "ada@example.org", *, auditor: bool = False) -> str:
    """Run the command; return the token that it printed."""
    out = StringIO()
    call_command("first_editor", name, address, auditor=auditor, stdout=out)
    (address,) = [line for line in out.getvalue().splitlines() if line.startswith("http://testserver/")]
    return parse_qs(urlsplit(address).query)["link"][0]


def recorded() -> list[tuple[str, list[Any]]]:
    assert not list(Verification())
    return [(row.user_name, row.changes) for row in RightsChange.objects.order_by("pk")]


def test_the_first_managing_editor_is_let_in_without_a_mail(rights_recorded: None) -> None:
    token = run()
    assert not OutboxMessage.objects.exists()
    ada = accept(token, "long-and-unusual-7")
    assert [group.name for group in ada.groups.all()] == [MANAGING_EDITOR]
    assert ada.has_perm("stories.add_user")
    assert recorded() == [
        (
            "a script on the server",
            [
                ["created", ""],
                ["staff", "yes"],
                ["active", "no"],
                ["group-added", "Managing editor"],
                ["invited", ""],
            ],
        ),
        ("Ada First", [["invitation-accepted", ""], ["active", "yes"], ["password", ""]]),
    ]


def test_a_second_run_before_it_is_used_prints_a_new_link_and_voids_the_old_one() -> None:
    first, second = run(), run(address="ADA@example.org")
    assert open_invitation(first)[1] is InvitationStanding.REPLACED
    assert open_invitation(second)[1] is InvitationStanding.OPEN
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "address", "refusal"),
    [
        ("Rosa", "rosa@example.org", "Another account has this e-mail address."),
        ("", "ada@example.org", "This field cannot be blank."),
        ("Ada", "nowhere", "Enter a valid email address."),
    ],
)
def test_what_makes_no_account_is_said(name: str, address: str, refusal: str) -> None:
    make.make_user(MANAGING_EDITOR, name="rosa")
    with pytest.raises(CommandError, match=refusal):
        run(name, address)
    assert User.objects.count() == 1


def test_an_auditor_whom_no_editor_may_invite_is_let_in_likewise(rights_recorded: None) -> None:
    first, second = (
        run("Aldo Brandt", "aldo@example.org", auditor=True),
        run(address="aldo@example.org", auditor=True),
    )
    assert open_invitation(first)[1] is InvitationStanding.REPLACED
    aldo = accept(second, "long-and-unusual-7")
    assert [group.name for group in aldo.groups.all()] == [AUDITOR]
    assert aldo.has_perm("stories.audit_ledgerentry")
    assert not aldo.has_perm("stories.add_user")
    assert recorded()[0][0] == "a script on the server"

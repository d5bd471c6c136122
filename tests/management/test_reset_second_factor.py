"""`reset_second_factor` lets the last managing editor in again, and is recorded as a script's."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from stories.models import OutboxMessage, RightsChange
from stories.models.roles import MANAGING_EDITOR
from tests import factories as make
from tests.factors import SoftPasskey, give_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rights_recorded")]


def test_it_removes_all_factors_of_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    give_app(maya)
    SoftPasskey().give(maya)
    call_command("reset_second_factor", "Maya@Example.org", "--reason", "Her phone fell into the harbour.")
    assert not Authenticator.objects.exists()
    change = RightsChange.objects.order_by("-pk")[0]
    assert (change.user_name, change.user_id) == ("a script on the server", None)
    assert change.reason == "Her phone fell into the harbour."
    assert (
        "It was done by a script on the server." in OutboxMessage.objects.order_by("-pk")[0].payload["says"]
    )
    assert "Maya Managing signs in with the password alone" in capsys.readouterr().out


def test_it_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="There is no account with the address"):
        call_command("reset_second_factor", "nobody@example.org", "--reason", "Their phone is lost")
    maya = make.make_user(MANAGING_EDITOR)
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", maya.email, "--reason", "Their phone is lost")
    give_app(maya)
    with pytest.raises(CommandError, match="Say why"):
        call_command("reset_second_factor", maya.email, "--reason", " ")
    with pytest.raises(CommandError, match="--reason"):
        call_command("reset_second_factor", maya.email)

"""How factors are named, and which of them protect an account."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from stories.models import User
from stories.queries.accounts.factors import (
    factor_name,
    factors_by_account,
    has_other_factor,
    has_second_factor,
)
from tests.factors import SoftPasskey, give_app, give_codes

pytestmark = pytest.mark.django_db


def test_an_app_and_a_passkey_protect_and_recovery_codes_do_not(editor: User, reporter: User) -> None:
    give_codes(editor)
    assert not has_second_factor(editor.pk)
    give_app(editor)
    assert has_second_factor(editor.pk)
    app = Authenticator.objects.get(type="totp")
    assert not has_other_factor(app)
    SoftPasskey().give(reporter)
    assert has_second_factor(reporter.pk)
    assert not has_other_factor(app)
    SoftPasskey().give(editor)
    assert has_other_factor(app)


def test_a_factor_is_named_by_what_proves_it_and_by_nothing_else(editor: User) -> None:
    secret = give_app(editor)
    passkey = SoftPasskey().give(editor)
    app = Authenticator.objects.get(type="totp")
    assert secret not in factor_name(app)
    assert factors_by_account() == {editor.pk: {factor_name(app), factor_name(passkey)}}
    names = factors_by_account()
    app.data["last_period"] = 7
    app.save()
    passkey.data["name"] = "Blue key"
    passkey.record_usage()
    passkey.save()
    assert factors_by_account() == names
    app.data["secret"] += "x"
    app.save()
    assert factors_by_account() != names


@pytest.mark.parametrize("data", [[], {}, {"credential": []}, {"credential": {"response": "?"}}, None])
def test_a_row_that_makes_no_sense_has_a_name_too(data: object) -> None:
    assert factor_name(Authenticator(type="webauthn", data=data)).startswith("webauthn ")

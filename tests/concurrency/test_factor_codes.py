"""One code that arrives twice at the same moment lets one in, on PostgreSQL; and so do two removals of factors."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.models import RightsChange, User
from stories.models.roles import EDITOR
from stories.queries.verification import Verification
from tests import factories as make
from tests.concurrency.writers import at_once
from tests.factors import SoftPasskey, code_of, give_app, give_codes, sign_in_by_password

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def let_in(user: User, code: str, *, windows: int = 3) -> int:
    """Have several windows use one code at once as their second step, and return how many are signed in."""
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(windows)]
    for client in clients:
        sign_in_by_password(client, user)

    def use(client: Client) -> bool:
        client.post(reverse("mfa_authenticate"), {"code": code})
        return "_auth_user_id" in client.session

    return at_once(*[lambda client=client: use(client) for client in clients]).count(True)


@pytest.fixture
def emil(settings: Settings, transactional_db: None) -> User:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    return make.make_user(EDITOR)


def test_a_code_of_an_app_lets_one_of_several_in(emil: User) -> None:
    secret = give_app(emil)
    for later in (-1, 0, 1):
        assert let_in(emil, code_of(secret, later=later)) == 1


def test_a_recovery_code_lets_one_of_several_in(emil: User) -> None:
    give_app(emil)
    for code in give_codes(emil)[:3]:
        assert let_in(emil, code) == 1
    codes = Authenticator.objects.get(type="recovery_codes")
    assert len(codes.wrap().get_unused_codes()) == 7


def test_of_two_who_remove_each_a_factor_one_is_refused(
    emil: User, settings: Settings, rights_recorded: None
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    give_app(emil)
    passkey = SoftPasskey().give(emil)
    remove = reverse("mfa_remove_webauthn", args=[passkey.pk])
    windows = [make.signed_in(emil), make.signed_in(emil)]
    outcomes = at_once(
        lambda: windows[0].post(reverse("mfa_deactivate_totp")).status_code,
        lambda: windows[1].post(remove).status_code,
    )
    assert outcomes == [302, 302] or sorted(map(str, outcomes)) == ["200", "302"], outcomes
    assert Authenticator.objects.filter(type__in=["totp", "webauthn"]).count() == 1
    assert not list(Verification())


def test_of_two_who_set_up_an_app_one_has_it(emil: User, rights_recorded: None) -> None:
    windows = [make.signed_in(emil), make.signed_in(emil)]
    secrets = [window.get(reverse("mfa_activate_totp")).context["form"].secret for window in windows]
    outcomes = at_once(
        *[
            lambda window=window, secret=secret: (
                window.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).status_code
            )
            for window, secret in zip(windows, secrets, strict=True)
        ]
    )
    assert outcomes == [302, 302], outcomes
    assert Authenticator.objects.filter(type="totp").count() == 1
    added = json.dumps([change.changes for change in RightsChange.objects.all()])
    assert added.count('"totp ') == 1
    assert not list(Verification())

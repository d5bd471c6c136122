"""Who must have a second factor, who may lose it, and who may reset whose."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from stories.actions.accounts.factors import check_removal, is_indispensable, lacks_factor, reset_factors
from stories.actions.errors import Refused
from stories.actions.record.rights import SCRIPT
from stories.models import OutboxMessage, RightsChange, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make
from tests.factors import SoftPasskey, give_app, give_codes, sign_in_by_password

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize(
    ("role", "lacks"),
    [
        (REPORTER, False),
        (OUTSIDE_AUDITOR, False),
        (EDITOR, True),
        (MANAGING_EDITOR, True),
        (AUDITOR, True),
    ],
)
def test_whoever_may_publish_take_down_or_audit_must_have_one(role: str, lacks: bool) -> None:
    assert lacks_factor(make.make_user(role)) is lacks


def test_so_must_a_superuser_and_whoever_grows_into_such_rights(reporter: User) -> None:
    assert lacks_factor(make.make_user(None, name="owner", is_superuser=True))
    reporter.user_permissions.add(Permission.objects.get(codename="publish_article"))
    assert lacks_factor(User.objects.get(pk=reporter.pk))


def test_nobody_must_where_the_site_does_not_require_it(editor: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    assert not lacks_factor(editor)
    assert not lacks_factor(AnonymousUser())


def test_an_app_or_a_passkey_suffices_and_recovery_codes_alone_do_not(editor: User, auditor: User) -> None:
    give_codes(editor)
    assert lacks_factor(editor)
    give_app(editor)
    assert not lacks_factor(editor)
    SoftPasskey().give(auditor)
    assert not lacks_factor(auditor)


def test_it_costs_one_query(editor: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    editor.has_perm("stories.publish_article")
    with django_assert_num_queries(1):
        lacks_factor(editor)


def test_the_last_one_stays_as_long_as_it_is_required(editor: User, settings: Settings) -> None:
    give_app(editor)
    passkey = SoftPasskey().give(editor)
    app = Authenticator.objects.get(type="totp")
    codes = Authenticator.objects.create(user=editor, type="recovery_codes", data={})
    assert not is_indispensable(app)
    check_removal(app)
    app.delete()
    assert is_indispensable(passkey)
    with pytest.raises(Refused, match="the only one that you have"):
        check_removal(passkey)
    check_removal(codes)
    settings.REQUIRE_SECOND_FACTOR = False
    check_removal(passkey)


def test_a_reset_removes_them_all_signs_out_and_is_recorded(
    rights_recorded: None, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    maya, emil = make.make_user(MANAGING_EDITOR), make.make_user(EDITOR)
    window, others = Client(), Client()
    for each, person in ((window, emil), (others, maya)):
        sign_in_by_password(each, person)
        assert each.get("/admin/").status_code == 200
    give_app(emil)
    give_codes(emil)
    OutboxMessage.objects.all().delete()
    reset_factors(person=emil, user=maya, reason="She lost her phone; I saw her.")
    assert not Authenticator.objects.exists()
    assert not UserSession.objects.filter(user=emil).exists()
    assert window.get("/admin/").status_code == 302
    assert others.get("/admin/").status_code == 200
    change = RightsChange.objects.order_by("-pk")[0]
    assert (change.user_name, change.holder_name) == ("Maya Managing", "Emil Editor")
    assert change.reason == "She lost her phone; I saw her."
    assert [(what, name.split()[0]) for what, name in change.changes] == [
        ("factor-removed", "totp"),
        ("factor-removed", "recovery_codes"),
    ]
    mail = OutboxMessage.objects.get().payload
    assert mail["to"] == emil.email
    assert "It was done by Maya Managing." in mail["says"]
    assert "phone" not in mail["says"]
    assert not list(Verification())


def test_nobody_resets_their_own(managing_editor: User) -> None:
    give_app(managing_editor)
    with pytest.raises(PermissionDenied):
        reset_factors(person=managing_editor, user=managing_editor, reason="I lost my phone")


def test_nobody_resets_those_of_somebody_who_may_do_more(managing_editor: User) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_active=False)
    auditor = make.make_user(AUDITOR)
    for person in (owner, auditor):
        give_app(person)
        with pytest.raises(PermissionDenied):
            reset_factors(person=person, user=managing_editor, reason="They lost their phone")


@pytest.mark.parametrize("role", [REPORTER, EDITOR, AUDITOR])
def test_nobody_resets_any_without_the_right_to_change_accounts(role: str) -> None:
    person = make.make_user(None)
    give_app(person)
    with pytest.raises(PermissionDenied):
        reset_factors(person=person, user=make.make_user(role), reason="They lost their phone")


def test_a_reset_needs_a_reason_and_something_to_reset(managing_editor: User, editor: User) -> None:
    with pytest.raises(Refused, match="has no second factor"):
        reset_factors(person=editor, user=SCRIPT, reason="They lost their phone")
    give_app(editor)
    with pytest.raises(Refused, match="Say why"):
        reset_factors(person=editor, user=managing_editor, reason=" ")
    assert Authenticator.objects.exists()

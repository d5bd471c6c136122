"""The page on which a managing editor resets the second factor of somebody who has lost theirs."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.models import LedgerEntry, RightsChange, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR
from tests import factories as make
from tests.factors import give_app, sign_in_by_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rights_recorded")]


@pytest.fixture
def emil() -> User:
    emil = make.make_user(EDITOR)
    give_app(emil)
    return emil


@pytest.fixture
def desk() -> Client:
    return make.signed_in(make.make_user(MANAGING_EDITOR))


def page_of(user: User) -> str:
    return reverse("desk:reset_factors", args=[user.pk])


def test_after_a_reset_the_person_signs_in_by_password_and_sets_up_anew(
    desk: Client, emil: User, settings: Settings
) -> None:
    account = reverse("admin:stories_user_change", args=[emil.pk])
    assert f'href="{page_of(emil)}"' in desk.get(account).content.decode()
    response = desk.post(page_of(emil), {"reason": "He stands before me."}, follow=True)
    assert "The second factor of Emil Editor is reset." in response.content.decode()
    settings.REQUIRE_SECOND_FACTOR = True
    window = Client()
    sign_in_by_password(window, emil)
    assert window.get("/admin/")["Location"] == reverse("mfa_index")


def test_a_reset_without_a_reason_is_refused_in_the_page(desk: Client, emil: User) -> None:
    assert "Say why" in desk.post(page_of(emil), {"reason": ""}).content.decode()
    assert Authenticator.objects.exists()


def test_the_page_is_closed_to_who_may_not_reset(emil: User, desk: Client) -> None:
    auditor = make.make_user(AUDITOR)
    give_app(auditor)
    assert desk.get(page_of(auditor)).status_code == 403
    for person in (emil, auditor):
        assert make.signed_in(person).post(page_of(emil), {"reason": "I want it"}).status_code == 403
    assert desk.get(reverse("desk:reset_factors", args=[10**17])).status_code == 404
    assert Authenticator.objects.count() == 2


def test_nobody_is_offered_to_reset_their_own(desk: Client) -> None:
    maya = User.objects.get(email="maya@example.org")
    account = reverse("admin:stories_user_change", args=[maya.pk])
    assert page_of(maya) not in desk.get(account).content.decode()
    assert desk.get(page_of(maya)).status_code == 403


def test_auditors_read_what_became_of_factors(desk: Client, emil: User) -> None:
    desk.post(page_of(emil), {"reason": "He stands before me."})
    window = make.signed_in(make.make_user(AUDITOR))
    lines = " ".join(window.get(reverse("audit:ledger")).content.decode().split())
    assert "changed the rights of Emil Editor: an authenticator app added" in lines
    assert "changed the rights of Emil Editor: an authenticator app removed" in lines
    change = RightsChange.objects.exclude(reason="").get()
    entry = LedgerEntry.objects.get(kind="rights", event_id=change.pk)
    page = window.get(reverse("audit:entry", args=[entry.sequence])).content.decode()
    assert "He stands before me." in page

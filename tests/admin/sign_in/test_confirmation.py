"""Before what is grave people confirm that it is they: by every address, and without losing what they typed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stories.actions.audit.dossier_orders import order_dossier
from stories.admin.sign_in.confirmation import GRAVE_BEGINNINGS, GRAVE_FORMS, GRAVE_PAGES, is_grave
from stories.models import (
    Article,
    AuditAccess,
    DossierApproval,
    DossierDownload,
    DossierOrder,
    ErasureOrder,
    User,
    Withholding,
)
from stories.models.roles import EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR
from tests import factories as make
from tests.admin.second_factor.test_factor_pages import options_of
from tests.factories import PASSWORD, begin, go_live, minutes, text, wanted
from tests.factors import SoftPasskey, code_of, give_app, give_codes, sign_in_by_password, sign_in_with_app
from tests.walking import names_under

pytestmark = pytest.mark.django_db


class Later:
    """The clock of confirmations, which the test moves."""

    def __init__(self) -> None:
        self.minutes = 0.0

    def __call__(self) -> float:
        return time.monotonic() + 60 * self.minutes


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Later:
    clock = Later()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60 * clock.minutes)
    return clock


@pytest.fixture(autouse=True)
def asked(settings: Settings) -> None:
    settings.CONFIRM_AFTER = 15


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(wanted("Council hears objections", text("<p>Twelve people came.</p>")), user=maya)
    go_live(article, user=maya, at=minutes(10))
    return article


@pytest.fixture
def desk(client: Client, maya: User) -> Client:
    """Return a window that was signed in long ago."""
    client.force_login(maya)
    return client


def confirm(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def grave_pages(article: Article, person: User) -> dict[str, str]:
    group = Group.objects.get(name=EDITOR).pk
    order = DossierOrder.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    arguments: dict[str, list[Any]] = {
        "admin:stories_user_access": [person.pk],
        "admin:stories_user_change": [person.pk],
        "admin:stories_user_delete": [person.pk],
        "admin:auth_user_password_change": [person.pk],
        "admin:auth_group_change": [group],
        "admin:auth_group_delete": [group],
        "admin:stories_article_withheld": [article.pk, 1],
        "admin:stories_article_erasure": [article.pk, 1],
        "desk:reset_factors": [person.pk],
        "audit:dossier_decide": [order],
        "audit:dossier_take": [order],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
    }
    accounts = {name for name in names_under("admin") if name.startswith(GRAVE_BEGINNINGS)}
    return {
        name: reverse(name, args=arguments.get(name, [article.pk] if _is_of_story(name) else []))
        for name in GRAVE_PAGES | GRAVE_FORMS | {name for name in accounts if is_grave(name)}
    }


def _is_of_story(name: str) -> bool:
    return "article" in name or "dossier_" in name


def test_every_page_that_changes_accounts_or_groups_or_takes_down_is_grave() -> None:
    changing = re.compile(r"(user|group)_(add|change|delete|password_change)$")
    names = {name for name in names_under("admin") if changing.search(name)}
    assert len(names) == 7
    assert all(map(is_grave, names))
    assert {
        name for name in names_under("admin") if re.search(r"(user|group)_changelist$", name)
    } <= GRAVE_FORMS
    takedowns = {name for name in names_under("admin") if re.search(r"withh|eras|withdraw", name)}
    assert takedowns - {"admin:stories_article_erasures"} <= GRAVE_PAGES


def test_none_of_them_opens_in_a_window_that_was_signed_in_long_ago(
    desk: Client, article: Article, settings: Settings
) -> None:
    emil = make.make_user(EDITOR)
    for name, address in grave_pages(article, emil).items():
        posted = desk.post(address, {"reason": "Because I say so", "words": "people"})
        if ":" in name:
            assert "Nothing was done yet" in posted.content.decode(), name
        else:
            assert posted["Location"].startswith(reverse("account_reauthenticate")), name
        if is_grave(name):
            shown = desk.get(f"{address}?words=people")
            assert shown.status_code == 302, name
            assert shown["Location"].startswith(reverse("account_reauthenticate")), name
            assert "words%3Dpeople" in shown["Location"], name
    assert not Withholding.objects.exists()
    assert not ErasureOrder.objects.exists()
    assert not AuditAccess.objects.exists()
    assert "people" not in str(dict(desk.session))


def test_confirming_leads_back_to_the_page_and_holds_for_a_while(
    desk: Client, article: Article, clock: Later
) -> None:
    address = reverse("admin:stories_article_withhold", args=[article.pk]) + "?words=people"
    asked = desk.get(address)
    page = desk.get(asked["Location"])
    assert page.status_code == 200
    confirmed = desk.post(asked["Location"], {"password": PASSWORD, "next": address})
    assert confirmed["Location"] == address
    assert desk.get(address).status_code == 200
    clock.minutes = 14
    assert desk.get(address).status_code == 200
    clock.minutes = 16
    assert desk.get(address).status_code == 302


def test_a_wrong_password_confirms_nothing(desk: Client, article: Article) -> None:
    desk.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert desk.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 302


def test_signing_in_counts(client: Client, maya: User, article: Article, clock: Later) -> None:
    address = reverse("admin:stories_article_erase", args=[article.pk])
    sign_in_by_password(client, maya)
    assert client.get(address).status_code == 200
    clock.minutes = 16
    assert client.get(address).status_code == 302


def hidden(response: Any) -> dict[str, str]:
    """Return what a page would send again."""
    page = response.content.decode()
    form = page[page.index("Nothing was done yet") :]
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
        if name != "csrfmiddlewaretoken"
    }


def test_a_form_that_was_open_too_long_is_kept_in_the_page_and_sent_again(
    desk: Client, article: Article, clock: Later
) -> None:
    address = reverse("admin:stories_article_withhold", args=[article.pk])
    values = {
        "words": "Twelve people",
        "ground": "legal",
        "notice": "By “order” <b>of</b> a court\nand no more",
        "reason": "The court’s order of Monday",
        "erasure": "0",
    }
    refused = desk.post(address, values)
    assert hidden(refused) == values
    assert "order of Monday" not in str(dict(desk.session))
    assert "no-store" in refused["Cache-Control"]
    confirm(desk)
    desk.post(address, hidden(refused))
    assert Withholding.objects.get().reason == "The court’s order of Monday"


def test_passwords_are_not_kept_in_the_page(desk: Client) -> None:
    refused = desk.post(
        reverse("admin:stories_user_add"),
        {"email": "new@example.org", "password1": "a secret of mine", "password2": "a secret of mine"},
    )
    assert hidden(refused) == {"email": "new@example.org"}
    assert "a secret of mine" not in refused.content.decode()


def test_the_lists_do_nothing_grave_either(desk: Client) -> None:
    emil = make.make_user(EDITOR)
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    window = make.signed_in(owner)
    action = {"action": "delete_selected", "_selected_action": [emil.pk], "post": "yes"}
    address = reverse("admin:stories_user_changelist")
    assert window.get(address).status_code == 200
    window.post(address, action)
    assert User.objects.filter(pk=emil.pk).exists()
    confirm(window)
    window.post(address, action)
    assert not User.objects.filter(pk=emil.pk).exists()


def test_a_dossier_is_given_out_after_a_confirmation_alone(desk: Client, article: Article) -> None:
    aldo = make.make_user("Auditor")
    order = order_dossier(article=article, user=aldo, reason="For the inquiry", at=minutes(20))
    decide = reverse("audit:dossier_decide", args=[order.pk])
    desk.post(decide, {"approve": "1"})
    assert not DossierApproval.objects.exists()
    confirm(desk)
    desk.post(decide, {"approve": "1"})
    assert DossierApproval.objects.get().approved
    window = make.signed_in(aldo)
    window.post(reverse("audit:dossier_take", args=[order.pk]))
    assert not DossierDownload.objects.exists()


def test_giving_access_needs_one_too(desk: Client, article: Article) -> None:
    oda = make.make_user(OUTSIDE_AUDITOR)
    values = {
        "give": "1",
        "auditor": oda.pk,
        "until_0": f"{timezone.now() + timedelta(days=5):%Y-%m-%d}",
        "until_1": "10:00",
        "full": "full",
        "reason": "For the inquiry",
    }
    address = reverse("audit:dossier_access", args=[article.pk])
    desk.post(address, values)
    assert not AuditAccess.objects.exists()
    confirm(desk)
    desk.post(address, values)
    assert AuditAccess.objects.exists()


# ----------------------------------------------------------------------------------------- whoever has a second factor


def test_with_a_factor_the_password_alone_confirms_nothing(
    desk: Client, maya: User, article: Article
) -> None:
    secret = give_app(maya)
    address = reverse("admin:stories_article_erase", args=[article.pk])
    assert desk.get(address)["Location"].startswith(reverse("mfa_reauthenticate"))
    response = desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    assert desk.get(address).status_code == 302
    desk.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)})
    assert desk.get(address).status_code == 200


def test_a_password_from_before_the_factor_does_not_suffice(
    desk: Client, maya: User, article: Article
) -> None:
    confirm(desk)
    give_app(maya)
    assert desk.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 302


def test_a_passkey_or_a_recovery_code_confirms(desk: Client, maya: User, article: Article) -> None:
    address = reverse("admin:stories_article_erase", args=[article.pk])
    passkey = SoftPasskey()
    passkey.give(maya)
    asked = desk.get(address)
    assert asked["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    options = options_of(desk, "mfa_reauthenticate_webauthn")
    credential = json.dumps(passkey.sign(options, maya))
    desk.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential})
    assert desk.get(address).status_code == 200
    codes = give_codes(maya)
    window = make.signed_in(maya)
    window.post(reverse("mfa_reauthenticate"), {"code": codes[0]})
    assert window.get(address).status_code == 200


def test_setting_one_up_counts(desk: Client, article: Article) -> None:
    confirm(desk)
    secret = desk.get(reverse("mfa_activate_totp")).context["form"].secret
    desk.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert desk.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert desk.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 200


def test_whoever_signed_in_by_code_is_not_asked_at_once(client: Client, maya: User, article: Article) -> None:
    sign_in_with_app(client, maya, give_app(maya))
    assert client.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 200


def test_a_factor_is_neither_added_nor_removed_without_one(desk: Client, maya: User) -> None:
    for post in _posts(desk, maya):
        assert post().status_code == 302
    assert maya.authenticator_set.count() == 1
    # Nothing of it waits in the session for the confirmation.
    confirm(desk)
    assert maya.authenticator_set.count() == 1


def _posts(desk: Client, maya: User) -> list[Callable[[], Any]]:
    give_app(maya)
    return [
        lambda: desk.post(reverse("mfa_deactivate_totp")),
        lambda: desk.post(reverse("mfa_replace_totp"), {"code": "123456"}),
        lambda: desk.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": "{}"}),
        lambda: desk.post(reverse("mfa_generate_recovery_codes")),
    ]


def test_another_account_in_the_same_browser_is_not_confirmed(
    client: Client, maya: User, article: Article
) -> None:
    sign_in_by_password(client, make.make_user(EDITOR))
    client.logout()
    client.force_login(maya)
    assert client.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 302


def test_where_the_settings_say_so_nobody_is_asked(
    desk: Client, article: Article, settings: Settings
) -> None:
    settings.CONFIRM_AFTER = 0
    assert desk.get(reverse("admin:stories_article_erase", args=[article.pk])).status_code == 200
    assert desk.get(reverse("mfa_activate_totp")).status_code == 200


def test_pages_that_are_not_grave_ask_nobody(desk: Client, article: Article) -> None:
    for address in (
        "/admin/",
        reverse("admin:stories_article_change", args=[article.pk]),
        reverse("admin:stories_article_publish", args=[article.pk]),
        reverse("admin:stories_user_changelist"),
        reverse("audit:dossier_orders"),
        reverse("mfa_index"),
    ):
        assert desk.get(address).status_code == 200, address

"""A second step at the sign-in: set up, used, lost and reset, in a browser."""

from __future__ import annotations

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from stories.models import Article, Erasure, ErasureOrder, User
from stories.queries.verification import Verification
from tests.browser import give_authenticator
from tests.factories import PASSWORD, begin, go_live, minutes, text, wanted
from tests.factors import SoftPasskey, code_of, give_app, give_codes
from tests.walking import Walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rights_recorded")]


@pytest.fixture(autouse=True)
def protected(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.CONFIRM_AFTER = 15


def sign_in_by_hand(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def let_confirmations_expire() -> None:
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = []
        session.save()


def expect_desk(page: Page, user: User) -> None:
    page.goto("/admin/")
    expect(page).to_have_url("/admin/")
    expect(page.locator("#user-tools")).to_contain_text(user.get_short_name())


def set_up_app(page: Page) -> str:
    """Set up an authenticator app from the page that lists the factors, and return its secret."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code of the app").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def sign_out(page: Page) -> None:
    page.locator("#logout-form button").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_editor_is_led_to_set_up_an_app_and_then_signs_in_with_it(page: Page, emil: User) -> None:
    sign_in_by_hand(page, emil)
    expect(page.get_by_role("alert")).to_contain_text("Your rights require a second step at the sign-in")
    secret = set_up_app(page)
    expect(page.get_by_role("link", name="Go on with what you were doing")).to_be_visible()
    expect_desk(page, emil)
    sign_out(page)
    sign_in_by_hand(page, emil)
    enter_code(page, code_of(secret, later=1))
    expect_desk(page, emil)
    assert not list(Verification())


def test_a_passkey_is_added_and_signs_in_alone(page_by_name: Page, emil: User) -> None:
    page = page_by_name
    give_authenticator(page)
    sign_in_by_hand(page, emil)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My phone")
    expect(page.get_by_label("Sign in with this passkey alone")).to_be_checked()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect_desk(page, emil)
    sign_out(page)
    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#user-tools")).to_contain_text("Emil Editor")
    expect_desk(page, emil)
    sign_out(page)
    sign_in_by_hand(page, emil)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#user-tools")).to_contain_text("Emil Editor")
    assert not list(Verification())


def test_whoever_lost_the_phone_signs_in_by_a_recovery_code_and_replaces_the_app(
    page: Page, emil: User
) -> None:
    former = give_app(emil)
    code = give_codes(emil)[0]
    sign_in_by_hand(page, emil)
    enter_code(page, code)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Replace the app").click()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code of the app").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_text("You have set one up.")).to_be_visible()
    expect(page.get_by_text("You have 9 unused codes.")).to_be_visible()
    sign_out(page)
    sign_in_by_hand(page, emil)
    enter_code(page, code_of(former, later=1))
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    enter_code(page, code_of(secret, later=1))
    expect_desk(page, emil)
    assert not list(Verification())


def test_without_a_recovery_code_a_managing_editor_resets_it(page: Page, emil: User, maya: User) -> None:
    give_app(emil)
    secret = give_app(maya)
    sign_in_by_hand(page, maya)
    enter_code(page, code_of(secret))
    page.goto(reverse("admin:stories_user_change", args=[emil.pk]))
    page.get_by_role("link", name="Reset the second factor").click()
    page.get_by_label("Why?").fill("He stands before me, and has lost his phone.")
    page.get_by_role("button", name="Reset the second factor").click()
    expect(page.get_by_text("The second factor of Emil Editor is reset.")).to_be_visible()
    sign_out(page)
    sign_in_by_hand(page, emil)
    expect(page.get_by_role("alert")).to_contain_text("Your rights require a second step")
    set_up_app(page)
    expect_desk(page, emil)
    assert not list(Verification())


@pytest.fixture
def article(emil: User) -> Article:
    article = begin(wanted("Council hears objections", text("<p>Twelve people came.</p>")), user=emil)
    go_live(article, user=emil, at=minutes(10))
    return article


def test_what_was_typed_when_the_factor_was_reset_is_put_back_after_the_set_up(
    page: Page, emil: User, article: Article
) -> None:
    secret = give_app(emil)
    sign_in_by_hand(page, emil)
    enter_code(page, code_of(secret))
    expect_desk(page, emil)
    page.goto(reverse("admin:stories_article_developing", args=[article.pk]))
    form = page.locator("form[data-autosave-form]")
    form.locator("textarea").first.fill("Please look at the figures.")
    Authenticator.objects.filter(user=emil).delete()
    form.get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Your rights require a second step")
    set_up_app(page)
    page.get_by_role("link", name="Go on with what you were doing").click()
    expect(page.get_by_text("What you had typed here before was put back.")).to_be_visible()
    expect(page.locator("form[data-autosave-form] textarea").first).to_have_value(
        "Please look at the figures."
    )


def test_an_erasure_is_ordered_after_a_confirmation_in_another_window(
    page: Page, maya: User, article: Article
) -> None:
    secret = give_app(maya)
    sign_in_by_hand(page, maya)
    enter_code(page, code_of(secret))
    expect_desk(page, maya)
    page.goto(reverse("admin:stories_article_erase", args=[article.pk]) + "?scope=words&words=Twelve")
    page.get_by_label("Category").select_option("legal")
    page.get_by_label("By what authority").fill("The district court, 4 C 12/26")
    page.get_by_label("What readers are told").fill("Removed by order of a court.")
    page.get_by_label("Why?").fill("The order came on Monday.")
    let_confirmations_expire()
    page.get_by_role("button", name="Order it erased").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done yet")
    assert not ErasureOrder.objects.exists()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Confirm that it is you").click()
    window = opened.value
    window.get_by_label("Code").fill(code_of(secret, later=1))
    window.get_by_role("button", name="Confirm").click()
    expect(window.get_by_role("status")).to_contain_text("You have confirmed that it is you")
    window.close()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Ordered. Nothing is erased yet")).to_be_visible()
    order = ErasureOrder.objects.get()
    assert order.authority == "The district court, 4 C 12/26"
    assert order.reason == "The order came on Monday."
    assert not Erasure.objects.exists()


def test_no_page_of_factors_and_confirmations_has_a_barrier(
    page: Page, maya: User, settings: Settings
) -> None:
    sign_in_by_hand(page, maya)
    walk = Walk(page)
    walk.look("the list of factors, without one")
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        walk.to(reverse(name))
    give_app(maya)
    give_codes(maya)
    passkey = SoftPasskey().give(maya)
    settings.CONFIRM_AFTER = 0
    for name in (
        "mfa_index",
        "mfa_replace_totp",
        "mfa_deactivate_totp",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_confirmed",
    ):
        walk.to(reverse(name))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        walk.to(reverse(name, args=[passkey.pk]))
    settings.CONFIRM_AFTER = 15
    let_confirmations_expire()
    settings.CONFIRM_AFTER = 0
    page.goto(reverse("admin:stories_user_add"))
    settings.CONFIRM_AFTER = 15
    page.locator("form#user_form input[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done yet")
    walk.look("a form that came too late")
    page.context.clear_cookies()
    sign_in_by_hand(page, maya)
    expect(page.get_by_role("heading", name="Second step of the sign-in")).to_be_visible()
    walk.look("the second step")
    assert not walk.found, "\n".join(walk.found)

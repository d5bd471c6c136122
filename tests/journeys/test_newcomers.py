"""From an invitation to a first publication, where whoever may publish must have a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect
from pytest_django import Settings

from stories.actions.accounts.invitations import invite
from stories.models import Publication, User
from stories.models.roles import EDITOR
from stories.queries.verification import Verification
from tests.browser import give_authenticator
from tests.factors import code_of
from tests.journeys.writing import editor_of, expect_live, publish, save_and_review, write_behind
from tests.outbox import deliver_mails, mailed_path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rights_recorded")]

PASSWORD = "long-and-unusual-7"


def add_passkey(page: Page) -> None:
    give_authenticator(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Add the passkey").click()


def set_up_app(page: Page) -> None:
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Code of the app").fill(code_of(page.locator("#authenticator_secret").inner_text()))
    page.get_by_role("button", name="Use this app").click()


@pytest.mark.parametrize("set_up", [add_passkey, set_up_app])
def test_a_newcomer_comes_in_protects_the_account_and_publishes(
    page_by_name: Page,
    settings: Settings,
    maya: User,
    mailoutbox: list[Any],
    set_up: Callable[[Page], None],
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.CONFIRM_AFTER = 15
    page = page_by_name
    editors = [Group.objects.get(name=EDITOR)]
    invite(display_name="Nils Newcomer", email="nils@example.org", groups=editors, user=maya)
    deliver_mails()
    page.goto(mailed_path(mailoutbox))
    page.get_by_label("Password:", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Your rights require a second step at the sign-in")

    set_up(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="Go on with what you were doing").click()
    expect(page.locator("#user-tools")).to_contain_text("Nils Newcomer")

    page.goto("/admin/stories/article/add/")
    page.get_by_label("Headline").fill("Council hears objections")
    write_behind(editor_of(page, "textblock_set-0"), "The council met on Monday.")
    save_and_review(page)
    page.get_by_label("I have looked: the requests are as the page says").check()
    publish(page)
    expect_live(page, 1)
    assert Publication.objects.get().user_name == "Nils Newcomer"
    assert not list(Verification())

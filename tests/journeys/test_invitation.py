"""Somebody is invited, comes in by the mailed link and begins a story; later they forget their password."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, RightsChange, User
from tests.browser import barriers, sign_in
from tests.outbox import deliver_mails, mailed_path

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD, NEXT_PASSWORD = "long-and-unusual-7", "another-long-one-8"


def test_from_the_invitation_to_the_first_story(
    page: Page,
    live_server: LiveServer,
    maya: User,
    mailoutbox: list[Any],
    rights_recorded: None,
) -> None:
    sign_in(page, live_server, maya)
    invite_nils(page)
    deliver_mails()
    sign_out(page)
    page.goto(mailed_path(mailoutbox))
    accept_it(page)
    begin_a_story(page)
    sign_out(page)
    page.goto("/admin/")
    forget_the_password(page)
    deliver_mails()
    set_another(page, mailed_path(mailoutbox))
    assert Article.objects.get().revisions.get().user_name == "Nils Newcomer"
    assert [row.user_name for row in RightsChange.objects.order_by("pk")] == [
        "Maya Managing",
        "Nils Newcomer",
        "Nils Newcomer",
    ]


def invite_nils(page: Page) -> None:
    page.goto("/admin/stories/user/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Email address").fill("nils@example.org")
    page.get_by_label("Display name").fill("Nils Newcomer")
    page.get_by_label("Reporter").check()
    assert barriers(page) == []
    page.get_by_role("button", name="Invite").click()
    expect(
        page.get_by_text("Nils Newcomer is invited: a mail with a link goes to nils@example.org.")
    ).to_be_visible()
    expect(page.get_by_role("row", name="Nils Newcomer")).to_contain_text("invited")
    assert barriers(page) == []
    page.get_by_role("link", name="Nils Newcomer").click()
    page.get_by_role("link", name="Invitation and password").click()
    expect(page.get_by_role("button", name="Send the invitation again")).to_be_visible()
    assert barriers(page) == []


def accept_it(page: Page) -> None:
    expect(page).to_have_url("/admin/account/invitation/")
    expect(page.get_by_text("Nils Newcomer, you are invited by Maya Managing.")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Password:", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page).to_have_url("/admin/")


def begin_a_story(page: Page) -> None:
    page.goto("/admin/stories/article/add/")
    page.get_by_label("Headline").fill("Council hears objections")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Council hears objections").first).to_be_visible()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def forget_the_password(page: Page) -> None:
    page.get_by_role("link", name="Forgot your password?").click()
    expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("E-mail address").fill("nils@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert barriers(page) == []


def set_another(page: Page, link: str) -> None:
    page.goto(link)
    expect(page).to_have_url("/admin/account/password/new/")
    assert barriers(page) == []
    page.get_by_label("New password", exact=False).first.fill(NEXT_PASSWORD)
    page.get_by_label("New password confirmation").fill(NEXT_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is changed. Sign in with it.")).to_be_visible()
    page.get_by_label("E-mail address").fill("nils@example.org")
    page.get_by_label("Password").fill(NEXT_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url("/admin/")

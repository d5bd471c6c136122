"""Somebody signs in by hand, sees where they are signed in, signs out elsewhere, and changes their address."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests import factories as make
from tests.browser import PATIENCE
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in_by_hand(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_signing_in_by_hand_and_signing_out_elsewhere(
    page: Page, browser: Browser, live_server: LiveServer, editor: User
) -> None:
    page.goto("/admin/stories/article/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    sign_in_by_hand(page, editor.email, "wrong")
    expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(editor.email)
    sign_in_by_hand(page, editor.email, make.PASSWORD)
    page.wait_for_url("**/admin/stories/article/")

    elsewhere = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    elsewhere.set_default_timeout(PATIENCE)
    other = elsewhere.new_page()
    other.goto("/admin/")
    expect(other.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    # By keyboard alone, and without scripts.
    other.keyboard.type(editor.email)
    other.keyboard.press("Tab")
    other.keyboard.type(make.PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="The desk")).to_be_visible()

    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Where you are signed in").click()
    expect(page.get_by_role("listitem").filter(has_text="Since")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Sign out: ")).click()
    expect(page.get_by_text("1 other session is signed out.")).to_be_visible()
    other.goto("/admin/")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    elsewhere.close()

    page.get_by_role("navigation", name="Your account").get_by_role("link", name="Sign out").click()
    page.locator("#content").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_after_too_many_guesses_the_minutes_are_named(page: Page, editor: User) -> None:
    page.goto(reverse("account_login"))
    for _each in range(5):
        sign_in_by_hand(page, editor.email, "wrong")
        expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    sign_in_by_hand(page, editor.email, make.PASSWORD)
    expect(page.get_by_text(re.compile(r"Too many attempts have failed\. Wait \d minutes"))).to_be_visible()


def test_changing_the_address_by_the_mailed_link(page: Page, live_server: LiveServer, editor: User) -> None:
    new = "emil@elsewhere.example.org"
    page.goto("/admin/")
    sign_in_by_hand(page, editor.email, make.PASSWORD)
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_label("Present password").fill(make.PASSWORD)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("A link has been mailed to the new address.")).to_be_visible()
    deliver_mails()
    (letter,) = [letter for letter in mail.outbox if letter.to == [new]]
    found = re.search(r"http://testserver(/\S+)", str(letter.body))
    assert found is not None
    page.goto(found.group(1))
    assert "link=" not in page.url
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("Your e-mail address is changed.")).to_be_visible()
    expect(page.locator("#content")).to_contain_text(f"You sign in with {new}")

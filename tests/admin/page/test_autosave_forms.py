"""In a real browser: what is typed on a review page is stored for its user, and for nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from tests.admin.reviewing import page as page_of, reword
from tests.browser import barriers, sign_in
from tests.factories import PASSWORD, begin, go_live, make_user, text, wanted
from tests.journeys.writing import go_behind_by_keys

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Note to readers"


@pytest.fixture
def emil() -> User:
    return make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    """Return a live story with a figure changed since."""
    article = begin(wanted("Council", text("<p>The clerk counted 12 people.</p>"), slug="council"), user=emil)
    go_live(article, user=emil)
    reword(article, emil, "12 people", "21 people")
    return article


def sign_in_by_hand(page: Page, user: User) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_expired_sign_in_loses_nothing_and_once_published_it_is_forgotten(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(page_of("publish", article))
    page.get_by_label("An error of ours").check()
    page.get_by_label(TEXT).fill("21 people came, not 12.")
    page.get_by_text("More notes in this publication").click()
    page.locator("#id_note-0-text").fill("A second note.")
    page.get_by_role("button", name="Another note").click()
    page.locator("#id_note-1-text").fill("A third note.")
    assert barriers(page, within="#content") == []
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Publish", exact=True).click()
    sign_in_by_hand(page, emil)
    expect(page.get_by_text("What you had typed here before was put back.")).to_be_visible()
    expect(page.get_by_label(TEXT)).to_have_value("21 people came, not 12.")
    expect(page.get_by_label("An error of ours")).to_be_checked()
    expect(page.locator("#id_note-1-text")).to_have_value("A third note.")
    page.get_by_label(TEXT).press("Control+Enter")
    expect(page.get_by_text("A third note.")).to_be_visible()
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('newsroom.'))")


def test_what_one_person_typed_is_never_shown_to_another(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(page_of("publish", article))
    page.get_by_label(TEXT).fill("Between us.")
    page.context.clear_cookies()
    maya = make_user(MANAGING_EDITOR)
    sign_in(page, live_server, maya)
    page.goto(page_of("publish", article))
    expect(page.get_by_label(TEXT)).to_have_value("")
    expect(page.get_by_text("was put back")).to_be_hidden()
    page.context.clear_cookies()
    sign_in(page, live_server, emil)
    page.goto(page_of("publish", article))
    expect(page.get_by_label(TEXT)).to_have_value("Between us.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label(TEXT)).to_have_value("")


def test_a_fix_goes_by_the_keyboard_alone_and_its_review_is_gone_on_with(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto("/admin/fix/council/")
    expect(page.locator("#textblock_set-0 [contenteditable=true]")).to_be_focused()
    go_behind_by_keys(page.locator("#textblock_set-0 [contenteditable=true]"))
    page.keyboard.type(" All stayed.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label(TEXT)).to_be_focused()
    page.get_by_label("Update:").check()
    page.get_by_label(TEXT).fill("We say that all stayed.")
    page.get_by_text("the whole page").click()
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.get_by_text("We say that all stayed.")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Publish", exact=True).click()
    sign_in_by_hand(page, emil)
    page.get_by_role("button", name="Go on with that review").click()
    expect(page.locator("ins", has_text="All stayed.").first).to_be_visible()
    page.get_by_label(TEXT).press("Control+Enter")
    expect(page.get_by_role("heading", name="is live")).to_be_visible()
    page.goto("/stories/council/")
    expect(page.get_by_text("12 people. All stayed.")).to_be_visible()

"""A story's form on a phone: the bars are one row each, and what is written is not under them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.queries.story.snapshots import latest_revision
from tests.browser import barriers, sign_in, visual_barriers
from tests.factories import begin, quote, text, wanted
from tests.journeys.writing import editor_of, write_behind

pytestmark = pytest.mark.django_db(transaction=True)

PARAGRAPH = "<p>The council met on Monday in the old hall, and nobody spoke against the plan for long.</p>"


@pytest.fixture
def article(emil: User) -> Article:
    return begin(wanted("Council hears objections", text(PARAGRAPH * 8), quote()), user=emil)


@pytest.fixture
def phone(page: Page, live_server: LiveServer, emil: User, article: Article) -> Page:
    sign_in(page, live_server, emil)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_role("toolbar", name="Formatting")).to_have_count(2)
    return page


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["height"]


def test_the_bars_are_one_row_each_and_hide_nothing_that_is_needed(phone: Page) -> None:
    toolbar = phone.get_by_role("toolbar", name="Formatting").first
    for name in ("bold", "italic", "insert link", "unordered list", "ordered list", "blockquote"):
        expect(toolbar.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    expect(toolbar.get_by_role("button", name="Kind of paragraph")).to_be_visible()
    expect(toolbar.get_by_role("button", name="strike")).to_be_hidden()
    assert height(phone, ".prose-menubar") < 48
    assert height(phone, ".save-bar") < 64

    more = toolbar.get_by_role("button", name="More formatting")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(toolbar.get_by_role("button", name="strike")).to_be_visible()
    assert height(phone, ".prose-menubar") < 56
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    write_behind(editor_of(phone, "textblock_set-0"), " More.")
    phone.get_by_role("button", name="Save", exact=True).click()
    state = phone.locator("[data-save-state]")
    expect(state).to_contain_text("Saved ")
    expect(state).to_be_in_viewport()
    assert height(phone, ".save-bar") < 64
    expect(phone.get_by_role("button", name="Save and close")).to_be_hidden()
    phone.get_by_role("button", name="More ways to save").click()
    expect(phone.get_by_role("button", name="Save and close")).to_be_in_viewport()
    assert visual_barriers(phone) == []
    assert barriers(phone, within=".save-bar") == []


def test_the_caret_is_never_under_a_bar(phone: Page, article: Article) -> None:
    editor = editor_of(phone, "textblock_set-0")
    write_behind(editor, " Then")
    under = """() => {
      const { editor } = document.activeElement;
      const { top, bottom } = editor.view.coordsAtPos(editor.state.selection.head);
      const bar = document.querySelector(".save-bar").getBoundingClientRect();
      const tools = editor.view.dom.parentElement.querySelector(".prose-menubar").getBoundingClientRect();
      return bottom > bar.top || top < tools.bottom;
    }"""
    for _ in range(6):
        phone.keyboard.press("Enter")
        phone.keyboard.type("more words on a line of their own, which is long enough for two")
        phone.wait_for_timeout(50)
        assert not phone.evaluate(under)
    for _ in range(20):
        phone.keyboard.press("ArrowUp")
        phone.wait_for_timeout(50)
        assert not phone.evaluate(under)
    phone.keyboard.press("Control+s")
    expect(phone.locator("[data-save-state] strong")).to_contain_text("Saved ")
    phone.wait_for_timeout(50)
    assert not phone.evaluate(under)
    assert latest_revision(article.pk) == 2

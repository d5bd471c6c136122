"""The address that a form suggests as one types is the one that an import would give."""

from __future__ import annotations

import unicodedata

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.text.slugs import slug_of_text, truncate_slug
from stories.models import User
from tests.browser import sign_in
from tests.domain.text.test_slugs import DIFFERENT, SAME

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_browser_suggests_the_slug_of_every_script(
    page: Page, live_server: LiveServer, maya: User
) -> None:
    sign_in(page, live_server, maya)
    page.goto("/admin/stories/author/add/")
    page.get_by_label("Name").fill("राम शर्मा")
    page.get_by_label("Name").press("Tab")
    expect(page.get_by_label("Slug")).to_have_value("राम-शर्मा")
    names = [name for pair in (*DIFFERENT, *SAME) for name in pair if not name.isascii()]
    names += [unicodedata.normalize("NFD", name) for name in names]
    names += ["“Mayor’s” deal – 3 questions", "\u093eक ा", "कि" * 60, "🦊 & Ö"]
    suggested = page.evaluate("names => names.map(name => URLify(name, 100, true))", names)
    assert suggested == [truncate_slug(slug_of_text(name), longest=100) for name in names]
    page.goto("/admin/stories/article/add/")
    page.get_by_label("Headline").fill("चुनाव के नतीजे")
    page.get_by_label("Headline").press("Tab")
    expect(page.get_by_label("Slug")).to_have_value("चुनाव-के-नतीजे")


def test_a_headline_that_is_pasted_and_saved_at_once_has_its_slug(
    page: Page, live_server: LiveServer, maya: User
) -> None:
    sign_in(page, live_server, maya)
    page.goto("/admin/stories/article/add/")
    # As the mouse pastes, or a voice types: without a key.
    page.get_by_label("Headline").fill("Council meets")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved as revision 1.")
    expect(page.get_by_label("Slug")).to_have_value("council-meets")

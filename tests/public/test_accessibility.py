"""Accessibility, as far as a machine can judge it, of every public page: at each width, in light and in dark."""

from __future__ import annotations

from playwright.sync_api import Page

from stories.models import User
from tests.public.whole_site import ADDRESSES, UNKNOWN, WITHDRAWN, WITHHELD, make_site
from tests.walking import Walk, names_under

# Addresses that answer with a feed, data, a picture or the way to another page: nobody reads a page there.
NO_PAGES = {
    "public:choose",
    "public:corrections_feed",
    "public:elsewhere",
    "public:feed",
    "public:feed_archive",
    "public:json_feed",
    "public:ledger_heads",
    "public:news_sitemap",
    "public:picture",
    "public:robots",
    "public:section_feed",
    "public:sitemap",
    "public:sitemap_page",
    "public:story_data",
    "public:story_feed",
    "public:story_schema",
    "public:timegate",
    "public:timegate_of_address",
    "public:timemap",
    "public:timemap_of_address",
}


def test_no_public_page_has_a_barrier(page: Page, transactional_db: None, maya: User) -> None:
    make_site(maya)
    walk = Walk(page)
    for address in ADDRESSES:
        walk.to(address)
    walk.to(WITHDRAWN, status=410)
    walk.to(WITHHELD, status=403)
    walk.to(UNKNOWN, status=404)
    assert names_under("public") - walk.seen - NO_PAGES == set(), (
        "Add an example to ADDRESSES in tests/public/whole_site.py; enter what is no page in NO_PAGES here."
    )
    assert not walk.found, "\n".join(walk.found)


def test_a_reader_skips_to_the_text_by_keyboard(page: Page, transactional_db: None, maya: User) -> None:
    make_site(maya)
    page.goto("/stories/corvid-answers/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_reader_compares_two_versions_by_the_form(page: Page, transactional_db: None, maya: User) -> None:
    make_site(maya)
    page.goto("/stories/corvid-answers/")
    page.get_by_role("link", name="All 3 versions of this story").click()
    page.get_by_label("Compare version").select_option("1")
    page.get_by_label("with version").select_option("3")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/1...3/")
    assert page.locator("ins", has_text="No one should be a suspect.").is_visible()

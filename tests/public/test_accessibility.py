"""WCAG 2.2 AA, as far as a machine can judge it, on every public page: wide and narrow, light and dark."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.browser import barriers
from tests.public.whole_site import ADDRESSES, UNKNOWN, WITHDRAWN, WITHHELD, make_site


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_public_page_has_a_barrier(
    page: Page, transactional_db: None, maya: User, width: int, scheme: str
) -> None:
    make_site(maya)
    # The console counts every 403, 404 and 410 as a fault of the page that is answered.
    for refused in (WITHDRAWN, WITHHELD, UNKNOWN):
        page.route(f"**{refused}", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for address in (*ADDRESSES, WITHDRAWN, WITHHELD, UNKNOWN):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        found += [f"{address}: {barrier}" for barrier in barriers(page)]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append(f"{address}: is {wider} pixels wider than a window of {width}")
    assert not found, "\n".join(found)


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

"""An editor sees the whole page in the frame of the review, which the policies of both pages allow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests.browser import sign_in
from tests.factories import begin, wanted

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_is_shown_in_its_frame_with_its_styles(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    article = begin(wanted("Council hears objections"), user=emil)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/publish/")
    page.get_by_text("What readers will see: the whole page").click()
    page.get_by_role("button", name="Show it with what is typed").click()
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_role("heading", name="Council hears objections")).to_be_visible()
    sheets = shown.locator("html").evaluate("() => document.styleSheets.length")
    assert sheets > 0

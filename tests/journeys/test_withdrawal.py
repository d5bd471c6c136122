"""A managing editor takes a story down with a notice, and brings it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import NoteKind
from stories.models import Article, User
from tests.browser import sign_in
from tests.factories import begin, change, go_live, minutes, note, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The harbour was sold on Monday."
NOTICE = "We took this story down while a court decides."
ADDRESSES = [
    "/stories/port-deal/",
    "/stories/harbour-deal/",
    "/stories/port-deal/versions/",
    "/stories/port-deal/versions/1/",
    "/stories/port-deal/versions/2/",
    "/stories/port-deal/compare/1...2/",
]


@pytest.fixture
def article(clock: Clock, maya: User) -> Article:
    """Return a story at version 2, corrected, under its second slug."""
    article = begin(wanted("Harbour deal", text(f"<p>{WORDS}</p>")), user=maya)
    go_live(article, user=maya, at=minutes(10))
    corrected = note("We misnamed the buyer.", NoteKind.CORRECTION)
    change(article, user=maya, at=minutes(20), slug="port-deal", update_notes=(corrected,))
    go_live(article, user=maya, at=minutes(20))
    clock.now = minutes(60)
    return article


def status_of(reader: Page, address: str) -> int:
    """Return an address's status, after the minute for which the browser may cache a page."""
    reader.goto(address)
    answer = reader.reload()
    assert answer is not None
    return answer.status


def test_a_withdrawn_story_answers_with_its_notice_everywhere_until_it_is_brought_back(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, maya: User, article: Article
) -> None:
    reader.goto("/")
    reader.get_by_role("link", name="Harbour deal").click()
    expect(reader.get_by_text(WORDS)).to_be_visible()
    sign_in(page, live_server, maya)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Why?").fill("The buyer’s lawyer called.")
    page.get_by_role("button", name="Withdraw the story").click()
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_label("Why?")).to_have_value("The buyer’s lawyer called.")
    page.get_by_label("Notice to readers").fill(NOTICE)
    page.get_by_role("button", name="Withdraw the story").click()
    expect(page.get_by_text("The story is withdrawn. Its addresses answer with your notice.")).to_be_visible()
    expect(page.get_by_text("Withdrawn since 2 Mar 2026, 10:00")).to_be_visible()
    for way in ("Live page", "Review and publish", "Fix what is live"):
        expect(page.get_by_role("link", name=way)).to_have_count(0)

    reader.reload()
    expect(reader.get_by_text(NOTICE)).to_be_visible()
    for address in ADDRESSES:
        assert status_of(reader, address) == 410, address
        expect(reader.get_by_role("heading", name="This story is no longer here")).to_be_visible()
        expect(reader.get_by_text(NOTICE)).to_be_visible()
        for words in (WORDS, "Harbour deal", "misnamed", "lawyer"):
            expect(reader.get_by_text(words)).to_have_count(0)
    for address in ("/", "/corrections/"):
        assert status_of(reader, address) == 200
        expect(reader.get_by_text("Harbour deal")).to_have_count(0)

    clock.now = minutes(120)
    page.get_by_role("link", name="Bring it back").click()
    page.get_by_label("Why?").fill("The court has decided.")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("The story is back, with every version that it had.")).to_be_visible()
    expect(page.get_by_text("Version 2 is live")).to_be_visible()
    page.get_by_role("link", name="Live page").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("We misnamed the buyer.")).to_be_visible()

    for address in ADDRESSES:
        assert status_of(reader, address) == 200, address
        expect(reader.get_by_text(NOTICE)).to_have_count(0)
    assert status_of(reader, "/") == 200
    reader.get_by_role("link", name="Harbour deal").click()
    expect(reader).to_have_url(f"{live_server.url}/stories/port-deal/")
    expect(reader.get_by_text(WORDS)).to_be_visible()

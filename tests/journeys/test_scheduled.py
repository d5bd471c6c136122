"""A story goes live at its time: no worker puts it there, and no cache hides it."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import sign_in
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import expect_live, publish

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/council-hears-objections/"
WORDS = "The council met on Monday."
NEWS = "The vote is on Friday."
TOLD = "The day of the vote was added."


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    return begin(wanted("Council hears objections", text(f"<p>{WORDS}</p>")), user=emil)


def schedule(page: Page, at: datetime) -> None:
    """Publish from the review page, at a time typed there."""
    page.get_by_label("At a time").check()
    page.get_by_label("Goes live on (UTC), date").fill(f"{at:%Y-%m-%d}")
    page.get_by_label("Goes live on (UTC), time").fill(f"{at:%H:%M:%S}")
    publish(page)


def expect_nothing_there(reader: Page, address: str = STORY) -> None:
    answer = reader.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(reader.get_by_text(WORDS)).to_have_count(0)


def test_a_first_version_is_not_there_before_its_time_and_is_from_then_on(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_label("I have looked").check()
    schedule(page, minutes(90))
    scheduled = "Revision 1 is scheduled. It goes live by itself (2 Mar 2026, 10:30)."
    expect(page.get_by_role("heading", name=scheduled)).to_be_visible()

    clock.now = minutes(89)
    for address in (STORY, f"{STORY}versions/", f"{STORY}versions/1/"):
        expect_nothing_there(reader, address)
    reader.goto("/")
    expect(reader.get_by_text("Council hears objections")).to_have_count(0)
    expect_nothing_there(reader)

    clock.now = minutes(90)
    reader.reload()
    expect(reader.get_by_role("heading", name="Council hears objections")).to_be_visible()
    expect(reader.get_by_text(WORDS)).to_be_visible()
    expect(reader.get_by_text("Published March 2, 2026, 10:30 a.m. UTC")).to_be_visible()
    reader.get_by_role("link", name="This is the only version so far").click()
    expect(reader.get_by_text("First published")).to_be_visible()

    page.reload()
    expect_live(page, 1)


def test_a_page_that_caches_hold_gives_way_to_the_next_version_at_its_time(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    go_live(article, user=emil, at=minutes(10))
    blocks = working_snapshot(article).blocks
    change(article, user=emil, at=minutes(20), blocks=(*blocks, text(f"<p>{NEWS}</p>")))
    clock.now = minutes(30)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/publish/")
    page.get_by_label("Update: there is news since").check()
    page.get_by_label("Note to readers").fill(TOLD)
    schedule(page, minutes(20))
    expect(page.locator(".field-live_from .errorlist")).to_be_visible()
    expect(page.get_by_label("Note to readers")).to_have_value(TOLD)
    schedule(page, minutes(90))
    expect(page.get_by_role("heading", name="is scheduled.")).to_be_visible()

    clock.now = minutes(89)
    reader.goto("/")
    reader.goto(STORY)
    expect(reader.get_by_text(WORDS)).to_be_visible()
    # Requested again, it comes from the caches: a 304 for the browser, a cached page from the server.
    with reader.expect_response(f"**{STORY}") as asked:
        reader.reload()
    assert asked.value.status in (200, 304)
    expect(reader.get_by_text(NEWS)).to_have_count(0)
    expect_nothing_there(reader, f"{STORY}versions/2/")

    clock.now = minutes(90)
    reader.goto(STORY)
    reader.reload()
    expect(reader.get_by_text(NEWS)).to_be_visible()
    expect(reader.get_by_role("region", name="Updates").get_by_text(TOLD)).to_be_visible()
    reader.goto(f"{STORY}versions/2/")
    expect(reader.get_by_text(NEWS)).to_be_visible()

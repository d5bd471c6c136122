"""A reporter offers a story for review; an editor finds it on the desk, hands it back or publishes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.models.roles import REPORTER
from tests.browser import PATIENCE, sign_in
from tests.factories import make_user, minutes
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, expect_live, publish, write_over
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db(transaction=True)

HEADLINE = "Tram runs through the night"


@pytest.fixture
def rosa(transactional_db: None) -> User:
    return make_user(REPORTER, email="rosa@example.org")


@pytest.fixture
def rosas(browser: Browser, live_server: LiveServer, rosa: User) -> Iterator[Page]:
    """Return the reporter's window, on another machine."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    sign_in(window, live_server, rosa)
    yield window
    context.close()


def write_and_offer(window: Page) -> None:
    window.goto("/admin/")
    window.get_by_role("link", name="New story").click()
    window.get_by_label("Headline").fill(HEADLINE)
    editor = editor_of(window, "textblock_set-0")
    editor.click()
    window.keyboard.type("Trams run all night from March.")
    expect(window.get_by_role("button", name="Review and publish")).to_have_count(0)
    window.get_by_role("button", name="Send for review").click()
    window.get_by_label("What should the editor know?").fill("The year is checked by phone.")
    window.get_by_role("button", name="Send for review").click()
    expect(window.get_by_text("Revision 1 is sent for review.")).to_be_visible()


def offered(window: Page) -> Page:
    """Open the page of the offer from the front page, as an editor does."""
    window.goto("/admin/")
    part = window.get_by_role("region", name="Waiting for review")
    expect(part.get_by_text("by Rosa Reporter, today")).to_be_visible()
    part.get_by_role("link", name=HEADLINE).click()
    expect(window.get_by_role("heading", name="Waiting for review")).to_be_visible()
    return window


def test_an_offer_is_handed_back_mended_offered_anew_and_published(
    page: Page,
    rosas: Page,
    reader: Page,
    live_server: LiveServer,
    clock: Clock,
    emil: User,
    mailoutbox: list[EmailMessage],
) -> None:
    emil.email = "emil@example.org"
    emil.save()
    sign_in(page, live_server, emil)

    write_and_offer(rosas)
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [["emil@example.org"]]

    clock.now = minutes(10)
    offered(page)
    expect(page.get_by_text("The year is checked by phone.")).to_be_visible()
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("What is missing?").fill("Which line?")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("The story is sent back.")).to_be_visible()
    deliver_mails()
    assert [mail.to for mail in mailoutbox[1:]] == [["rosa@example.org"]]

    clock.now = minutes(20)
    rosas.goto("/admin/")
    back = rosas.get_by_role("region", name="Sent back to you")
    expect(back.get_by_text("Which line?")).to_be_visible()
    back.get_by_role("link", name=HEADLINE).click()
    expect(rosas.get_by_text("Which line?")).to_be_visible()
    write_over(editor_of(rosas, "textblock_set-0"), "Trams run", "Trams of the Eastern line run")
    rosas.get_by_role("button", name="Send for review").click()
    rosas.get_by_role("button", name="Send for review").click()
    expect(rosas.get_by_text("Revision 2 is sent for review.")).to_be_visible()
    rosas.goto("/admin/")
    expect(rosas.get_by_role("region", name="Sent back to you")).to_have_count(0)

    clock.now = minutes(30)
    offered(page)
    page.get_by_role("region", name="Publish it").get_by_role("link", name="Review and publish").click()
    page.get_by_label("I have looked: the requests are as the page says").check()
    publish(page)
    expect_live(page, 2)
    deliver_mails()
    assert mailoutbox[-1].to == ["rosa@example.org"]
    assert mailoutbox[-1].subject == "The desk: what you sent for review is published"
    page.goto("/admin/")
    expect(page.get_by_role("region", name="Waiting for review")).to_have_count(0)
    expect(page.get_by_text("nothing waits for review")).to_be_visible()

    story = Article.objects.get()
    reader.goto(f"/stories/{story.slug}/")
    expect(reader.get_by_text("Trams of the Eastern line run all night from March.")).to_be_visible()


def test_a_writer_takes_an_offer_back(page: Page, live_server: LiveServer, rosa: User, emil: User) -> None:
    sign_in(page, live_server, rosa)
    write_and_offer(page)
    page.get_by_role("link", name="Waiting for review", exact=True).click()
    page.get_by_role("button", name="Take it back from review").click()
    expect(
        page.get_by_text("The story no longer waits for review. Nothing in it was changed.")
    ).to_be_visible()
    sign_in(page, live_server, emil)
    page.goto("/admin/")
    expect(page.get_by_role("region", name="Waiting for review")).to_have_count(0)

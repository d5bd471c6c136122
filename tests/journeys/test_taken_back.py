"""An editor takes back what they published a moment ago; a reporter’s change of a live story waits for an editor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.models.roles import REPORTER
from tests.browser import PATIENCE, sign_in
from tests.factories import begin, change, go_live, make_section, make_user, minutes, note, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, publish, write_over
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/stories/harbour-deal/"


@pytest.fixture
def rosa(transactional_db: None) -> User:
    return make_user(REPORTER)


@pytest.fixture
def rosas(browser: Browser, live_server: LiveServer, rosa: User) -> Iterator[Page]:
    """Return the reporter's window, on another machine."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    sign_in(window, live_server, rosa)
    yield window
    context.close()


@pytest.fixture
def article(clock: Clock, rosa: User, emil: User) -> Article:
    """Rosa's story, which Emil published an hour ago."""
    article = begin(
        wanted("Harbour deal", text("<p>The harbour was sold on Monday.</p>"), section=make_section().pk),
        user=rosa,
    )
    go_live(article, user=emil)
    clock.now = minutes(60)
    return article


def test_an_editor_takes_back_a_version_and_readers_find_the_text_from_before(
    page: Page,
    reader: Page,
    live_server: LiveServer,
    clock: Clock,
    emil: User,
    maya: User,
    article: Article,
    mailoutbox: list[EmailMessage],
) -> None:
    change(article, user=emil, at=minutes(60), blocks=(text("<p>The harbour was sold on Friday.</p>"),))
    go_live(article, user=emil, at=minutes(60), notes=(note("The day was added."),), cause="moved-on")
    clock.now = minutes(62)
    reader.goto(ADDRESS)
    expect(reader.get_by_text("sold on Friday")).to_be_visible()
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_text("Until 10:05 you may take it back")).to_be_visible()
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take the version back").click()
    expect(page.get_by_text("Say why you take it back.")).to_be_visible()
    page.get_by_label("Why?").fill("It was not checked.")
    page.get_by_role("button", name="Take the version back").click()
    expect(page.get_by_text("The version is taken back.")).to_be_visible()
    expect(page.get_by_text("Version 3 is live")).to_be_visible()
    expect(page.get_by_role("link", name="Take it back")).to_have_count(0)
    deliver_mails()
    assert [mail.to for mail in mailoutbox] == [[maya.email]]

    reader.reload()
    expect(reader.get_by_text("sold on Monday")).to_be_visible()
    expect(
        reader.get_by_text("was taken back. The story reads again as it did before.").first
    ).to_be_visible()
    reader.goto(f"{ADDRESS}versions/2/")
    expect(reader.get_by_text("sold on Friday")).to_be_visible()


def test_a_reporter_changes_their_live_story_and_an_editor_publishes_it(
    page: Page, rosas: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    rosas.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(rosas.get_by_text("it waits until an editor publishes it")).to_be_visible()
    write_over(editor_of(rosas, "textblock_set-0"), "The harbour was", "The old harbour was")
    rosas.get_by_role("button", name="Save", exact=True).click()
    expect(rosas.get_by_text("Readers don’t see your change yet")).to_be_visible()
    reader.goto(ADDRESS)
    expect(reader.get_by_text("The harbour was sold on Monday.")).to_be_visible()
    rosas.get_by_role("button", name="Send for review").click()
    rosas.get_by_label("What should the editor know?").fill("It is the old one.")
    rosas.get_by_role("button", name="Send for review").click()
    expect(rosas.get_by_text("Revision 2 is sent for review.")).to_be_visible()

    clock.now = minutes(70)
    sign_in(page, live_server, emil)
    page.goto("/admin/")
    page.get_by_role("region", name="Waiting for review").get_by_role("link", name="Harbour deal").click()
    page.get_by_role("region", name="Publish it").get_by_role("link", name="Review and publish").click()
    page.get_by_label("Note to readers").fill("The story says now which harbour was sold.")
    publish(page)
    expect(page.get_by_role("heading", name="is live.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("The old harbour was sold on Monday.")).to_be_visible()


def test_an_editor_of_another_section_is_told_why_they_may_only_read(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    emil.sections.add(make_section("culture", "Culture"))
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_text("Your rights over stories are limited to the section “Culture”.")).to_be_visible()
    expect(page.get_by_text("Ask an editor of that section.")).to_be_visible()
    for way in ("Edit", "Review and publish", "Fix what is live", "Assign", "Take it back"):
        expect(page.get_by_role("link", name=way, exact=True)).to_have_count(0)

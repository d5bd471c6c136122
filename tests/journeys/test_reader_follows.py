"""A reader who follows the reference story from version 1 to version 3, and looks up what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import CommentRequest, NoteKind, QuoteBlock, RequestStatus, TextBlock
from stories.models import Article, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import PATIENCE, barriers
from tests.factories import (
    MORNING,
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/corvid-answers-its-staff/"
UNCHANGED = "".join(f"<p>Paragraph {number} of the report stays as it is.</p>" for number in range(5))
# A Monday's story, and a reader who comes back on the Thursday after it.
THURSDAY = minutes(3 * 24 * 60 + 60)


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, clock: Clock) -> Iterator[Page]:
    """Return a reader's window with the test's clock. Its errors fail the test."""
    faults: list[str] = []
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    # Days pass here in seconds, so the browser's cache is off. (Routes switch it off.)
    context.route("**/*", lambda route: route.continue_())
    context.on("console", lambda message: faults.append(message.text))
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.clock.install(time=MORNING)
    yield page
    context.close()
    assert not faults


class Story:
    """The reference story, told version by version."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.remarks = quote("<p>I recieve your letters. We have sold it to 14 towns.</p>")
        self.company, self.group = request("Corvid Systems"), request("the Liberty Watch")
        self.article: Article = begin(
            wanted(
                "Corvid answers its staff",
                text(UNCHANGED),
                self.remarks,
                section=make_section().pk,
                bylines=(byline(make_author()),),
                comment_requests=(self.company, self.group),
            ),
            user=user,
        )
        go_live(self.article, user=user, at=minutes(10))

    def correct(self, at: datetime) -> None:
        first = working_snapshot(self.article).blocks[0]
        assert isinstance(first, TextBlock)
        self.remarks = replace(
            self.remarks, text="<p>I receive your letters. We have sold it to 41 towns.</p>"
        )
        wrong = note(
            "We misheard a figure in the recording.", NoteKind.CORRECTION, was="14 towns", now="41 towns"
        )
        change(self.article, user=self.user, at=at, blocks=(first, self.remarks), update_notes=(wrong,))
        go_live(self.article, user=self.user, at=at)

    def add_the_answer(self, at: datetime) -> None:
        story = working_snapshot(self.article)
        answer: QuoteBlock = quote("<p>No safeguard is worth the name.</p>", speaker="Miriam Okafor")
        answered: CommentRequest = replace(self.group, status=RequestStatus.RECEIVED, responded_at=at)
        change(
            self.article,
            user=self.user,
            at=at,
            blocks=(*story.blocks, answer),
            comment_requests=(self.company, answered),
            update_notes=(
                *story.update_notes,
                note("A comment of the Liberty Watch was added.", NoteKind.COMMENT_ADDED),
            ),
        )
        go_live(self.article, user=self.user, at=at)


def come_back(window: Page, clock: Clock, at: datetime) -> None:
    clock.now = at
    window.clock.set_fixed_time(at)
    window.goto(STORY)


def test_a_reader_sees_what_changed_since_they_read_it(window: Page, clock: Clock, maya: User) -> None:
    story = Story(maya)
    come_back(window, clock, minutes(15))
    since = window.locator(".since")
    expect(since).to_be_hidden()
    expect(window.get_by_text("(5 minutes ago)")).to_be_visible()
    window.reload()
    expect(since).to_be_hidden()

    story.correct(minutes(24 * 60))
    story.add_the_answer(minutes(2 * 24 * 60))
    come_back(window, clock, THURSDAY)
    expect(since).to_have_text("2 updates since you read this on Monday: what changed")
    window.reload()
    expect(since).to_have_text("2 updates since you read this on Monday: what changed")
    assert not window.context.cookies()

    since.get_by_role("link").click()
    expect(window).to_have_url(f"{STORY}compare/1...3/")
    expect(window.get_by_text("1 quote added")).to_be_visible()
    assert not barriers(window)


def test_a_reader_who_comes_in_a_new_tab_has_read_what_they_read(
    window: Page, clock: Clock, maya: User
) -> None:
    story = Story(maya)
    come_back(window, clock, minutes(15))
    story.correct(minutes(24 * 60))
    come_back(window, clock, THURSDAY)
    expect(window.locator(".since")).to_have_text("1 update since you read this on Monday: what changed")
    other = window.context.new_page()
    other.goto(STORY)
    expect(other.get_by_role("heading", name="Corvid answers its staff")).to_be_visible()
    expect(other.locator(".since")).to_be_hidden()


def test_a_reader_goes_from_change_to_change_by_key(window: Page, clock: Clock, maya: User) -> None:
    story = Story(maya)
    story.correct(minutes(20))
    story.add_the_answer(minutes(30))
    clock.now = minutes(40)
    window.goto(f"{STORY}compare/1...3/")
    count = window.locator("[id^='change-']").count()
    assert count >= 5
    at = window.get_by_role("status")
    expect(at).to_have_text(f"{count} changes")
    for key, number in (("n", 1), ("j", 2), ("n", 3), ("p", 2), ("k", 1), ("p", count), ("n", 1)):
        window.keyboard.press(key)
        expect(at).to_have_text(f"Change {number} of {count}")
        assert window.evaluate("document.activeElement.id") == f"change-{number}"
    window.get_by_role("button", name="Next").click()
    expect(window.locator("#change-2")).to_be_focused()

    keys = window.get_by_role("button", name="Use keys")
    keys.click()
    window.keyboard.press("n")
    expect(at).to_have_text(f"Change 2 of {count}")
    window.reload()
    expect(keys).to_have_attribute("aria-pressed", "false")


def test_a_reader_opens_what_is_folded_and_comes_from_a_note_to_its_words(
    window: Page, clock: Clock, maya: User
) -> None:
    story = Story(maya)
    story.correct(minutes(20))
    clock.now = minutes(30)
    window.goto(STORY)
    window.get_by_role("link", name="what it changed").click()
    # Not to the first change, a corrected spelling.
    expect(window).to_have_url(f"{STORY}compare/1...2/#change-2")
    expect(window.locator("#change-2")).to_be_focused()
    expect(window.locator("#change-2")).to_contain_text("14")

    folded = window.get_by_text("Paragraph 0 of the report stays as it is.")
    expect(folded).to_be_hidden()
    window.get_by_text("Show 4 unchanged paragraphs").click()
    expect(folded).to_be_visible()
    every = window.get_by_role("button", name="Show all of the story")
    expect(every).to_have_attribute("aria-pressed", "true")
    every.click()
    expect(folded).to_be_hidden()
    every.click()
    expect(folded).to_be_visible()


def test_version_1_says_at_the_passage_what_was_corrected_later(
    window: Page, clock: Clock, maya: User
) -> None:
    story = Story(maya)
    story.correct(minutes(20))
    clock.now = minutes(30)
    window.goto(f"{STORY}versions/1/")
    expect(window.get_by_text("You are reading version 1 of 2")).to_be_visible()
    passage = window.locator("mark.put-right")
    expect(passage).to_have_text("14 towns")
    window.get_by_role("link", name="Where it stands below").click()
    expect(passage).to_be_in_viewport()
    window.get_by_role("link", name="Correction, March 2, 2026: corrected to “41 towns”").click()
    expect(window.get_by_text("We misheard a figure in the recording.")).to_be_in_viewport()
    assert not barriers(window)


def test_without_scripts_nothing_is_missing_but_comfort(
    browser: Browser, live_server: LiveServer, clock: Clock, maya: User
) -> None:
    story = Story(maya)
    story.correct(minutes(20))
    clock.now = minutes(30)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(STORY)
    expect(page.locator(".since")).to_be_hidden()
    page.get_by_role("link", name="All 2 versions of this story").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".stepper")).to_be_hidden()
    page.get_by_role("link", name="Go to the first change").click()
    expect(page).to_have_url(f"{STORY}compare/1...2/#change-1")
    page.get_by_text("Show 4 unchanged paragraphs").click()
    expect(page.get_by_text("Paragraph 0 of the report")).to_be_visible()
    context.close()

"""The reference story, from its first publication to version 3, by an editor in the browser; then its reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import RequestStatus
from stories.models import Article, User
from tests.factories import (
    PASSWORD,
    begin,
    byline,
    make_author,
    make_section,
    minutes,
    quote,
    request,
    text,
    wanted,
)
from tests.journeys.conftest import Clock
from tests.journeys.writing import add_block, editor_of, expect_live, publish, save_and_review, write_over

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/corvid-answers-its-staff/"
OPENING = (
    "<p>Corvid Systems has for the first time answered the staff who object to its sale of face recognition "
    'to the police. They had signed <a href="https://example.org/letter">an open letter</a>. “We got a sales '
    "pitch,” said an employee who asked not to be named for fear of reprisal.</p><p>Dana Whitlock said:</p>"
)
REMARKS = (
    "<p>I recieve your letters, and I read every one of them. Let me be plane (sic) about what it is. It does "
    "not decide whom to arest.</p>"
)
DIRECTOR = "No safeguard is worth the name when the same machine told both pairs of eyes where to look."
BOTH_ASKED = "We reached out to Corvid Systems and the Liberty Watch for comment"
ONE_ASKED = "We reached out to Corvid Systems for comment on March 2, 2026, and will update if we hear back."
TYPOS = "Corvid published its official transcript. We fixed typographical errors in our quotation."
COMMENT_ADDED = "A comment from the Liberty Watch was added."


@pytest.fixture
def draft(clock: Clock, emil: User) -> Article:
    """Return the story as it waits for its first publication: both parties are asked, neither has answered."""
    clock.now = minutes(10)
    return begin(
        wanted(
            "Corvid answers its staff",
            text(OPENING),
            quote(REMARKS, source="a garbled transcript"),
            section=make_section().pk,
            bylines=(byline(make_author()),),
            disclosure="We may earn a commission.",
            comment_requests=(request("Corvid Systems"), request("the Liberty Watch")),
        ),
        user=emil,
    )


def enter(page: Page, user: User, article: Article) -> None:
    """Sign in at the door, on the way to a story's form."""
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("A draft, at revision 1. Readers have not seen it.")).to_be_visible()


def publish_for_the_first_time(page: Page) -> None:
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_role("heading", name="The first publication of this story")).to_be_visible()
    expect(page.get_by_text(BOTH_ASKED)).to_be_visible()
    publish(page)
    expect(page.get_by_text("Look at the requests and the sources")).to_be_visible()
    page.get_by_label("I have looked: the requests are as the page says").check()
    publish(page)
    expect_live(page, 1)


def fix_the_quotation(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_text("Version 1 is live")).to_be_visible()
    remarks = editor_of(page, "quoteblock_set-0")
    write_over(remarks, "recieve", "receive")
    write_over(remarks, "plane (sic)", "plain")
    write_over(remarks, "arest", "arrest")
    page.locator("#id_quoteblock_set-0-source").fill("Corvid’s official transcript")
    save_and_review(page)
    expect(page.locator("ins", has_text="arrest").first).to_be_visible()
    expect(page.get_by_label("Typo fixed")).to_be_disabled()
    page.get_by_label("News since", exact=True).check()
    expect(page.get_by_label("Update: there is news since")).to_be_checked()
    page.get_by_label("Note to readers").fill(TYPOS)
    publish(page)
    expect_live(page, 3)


def add_the_answer(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_text("Version 2 is live")).to_be_visible()
    add_block(page, "Quote", "quoteblock_set-1").press_sequentially(DIRECTOR)
    page.locator("#id_quoteblock_set-1-speaker").fill("Miriam Okafor")
    page.locator("#id_quoteblock_set-1-speaker_title").fill("director of the Liberty Watch")
    page.locator("#id_commentrequest_set-1-status").select_option(RequestStatus.RECEIVED)
    page.locator("#id_commentrequest_set-1-responded_at_0").fill("2026-03-02")
    page.locator("#id_commentrequest_set-1-responded_at_1").fill("09:25:00")
    save_and_review(page)
    expect(page.get_by_label("Comment added: somebody has answered")).to_be_checked()
    expect(page.get_by_label("Note to readers")).to_have_value(COMMENT_ADDED)
    publish(page)
    expect_live(page, 5)


def read_it(reader: Page) -> None:
    reader.reload()
    expect(reader.get_by_role("heading", name="Corvid answers its staff")).to_be_visible()
    expect(reader.get_by_text("I receive your letters")).to_be_visible()
    expect(reader.get_by_text(DIRECTOR)).to_be_visible()
    expect(reader.get_by_text(ONE_ASKED)).to_be_visible()
    updates = reader.get_by_role("region", name="Updates")
    expect(updates.get_by_role("listitem")).to_have_count(2)
    expect(updates.get_by_role("listitem").first).to_contain_text(COMMENT_ADDED)
    expect(updates.get_by_role("listitem").last).to_contain_text(TYPOS)


def compare_the_first_with_the_third(reader: Page) -> None:
    reader.get_by_role("link", name="All 3 versions of this story").click()
    reader.get_by_label("Compare version").select_option("1")
    reader.get_by_label("with version").select_option("3")
    reader.get_by_role("button", name="Compare").click()
    expect(reader).to_have_url(f"{STORY}compare/1...3/")
    for wrong, right in (("recieve", "receive"), ("plane (sic)", "plain"), ("arest", "arrest")):
        expect(reader.locator("del", has_text=wrong)).to_be_visible()
        expect(reader.locator("ins", has_text=right).first).to_be_visible()
    expect(reader.locator("ins", has_text=DIRECTOR)).to_be_visible()
    asked = reader.get_by_text("We reached out to Corvid Systems")
    expect(asked.locator("del")).to_contain_text("and the Liberty Watch")


def test_the_reference_story_is_published_to_its_third_version_and_read(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, draft: Article
) -> None:
    enter(page, emil, draft)
    publish_for_the_first_time(page)
    reader.goto(STORY)
    expect(reader.get_by_text(BOTH_ASKED)).to_be_visible()
    expect(reader.get_by_text("This is the only version so far")).to_be_visible()

    clock.now = minutes(20)
    fix_the_quotation(page)

    clock.now = minutes(30)
    add_the_answer(page)

    read_it(reader)
    compare_the_first_with_the_third(reader)

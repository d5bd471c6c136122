"""An urgent fix overtakes what is scheduled: the review asks, and neither loses the other's words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.publishing import publish as publishing
from stories.domain.snapshot import NoteKind, TextBlock
from stories.models import Article, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.browser import sign_in
from tests.factories import begin, change, go_live, minutes, note, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, expect_live, publish, write_over

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/council-hears-objections/"
MISSPELT = "The council recieved the plan on Monday."
PUT_RIGHT = "The council received the plan on Monday."
NEWS = "The vote is on Friday."
TOLD = "The day of the vote was added."


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    """Return a live story with a misspelling."""
    article = begin(wanted("Council hears objections", text(f"<p>{MISSPELT}</p>")), user=emil)
    go_live(article, user=emil, at=minutes(10))
    clock.now = minutes(60)
    return article


def schedule(article: Article, user: User, *blocks: TextBlock) -> None:
    """Schedule the next version for 120 minutes after the fixed morning."""
    change(article, user=user, at=minutes(30), blocks=blocks)
    publishing.publish(
        article=article,
        revision=latest_revision(article.pk),
        user=user,
        notes=[note(TOLD, NoteKind.UPDATE)],
        live_from=minutes(120),
        at=minutes(40),
    )


def written(article: Article) -> TextBlock:
    block = working_snapshot(article).blocks[0]
    assert isinstance(block, TextBlock)
    return block


def review_a_fix(page: Page, article: Article) -> None:
    """Go from the story's form to the review of a fix that corrects the misspelling."""
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Fix what is live").click()
    write_over(editor_of(page, "textblock_set-0"), "recieved", "received")
    page.get_by_role("button", name="Review this fix").click()
    expect(page.get_by_role("heading", name="Review this fix")).to_be_visible()


def test_put_on_top_of_the_fix_what_is_scheduled_goes_live_at_its_time_with_the_fix_in_it(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    schedule(article, emil, written(article), text(f"<p>{NEWS}</p>"))
    sign_in(page, live_server, emil)
    review_a_fix(page, article)

    pending = page.get_by_role("region", name="Revision 3 is to go live on 2 Mar 2026, 11:00")
    expect(pending.get_by_text("What happens to the scheduled version?")).to_be_in_viewport()
    expect(pending.get_by_label("Cancel it: its edits stay in the story")).to_be_visible()
    expect(pending.get_by_text("What it would then change, at its time")).to_be_visible()
    expect(pending.locator("ins", has_text=NEWS)).to_be_visible()
    expect(pending.get_by_text("recieved")).to_have_count(0)

    pending.get_by_label("Keep it, with this change added: it still goes live at its time").check()
    page.get_by_label("Note to readers").fill("A misspelling was fixed.")
    publish(page)
    expect_live(page, 4)
    expect(page.get_by_text("is to go live on 2 Mar 2026, 11:00.")).to_be_visible()

    reader.goto(STORY)
    expect(reader.get_by_text(PUT_RIGHT)).to_be_visible()
    expect(reader.get_by_text(NEWS)).to_have_count(0)

    clock.now = minutes(120)
    reader.reload()
    expect(reader.get_by_text(PUT_RIGHT)).to_be_visible()
    expect(reader.get_by_text(NEWS)).to_be_visible()
    expect(reader.get_by_role("region", name="Updates").get_by_text(TOLD)).to_be_visible()
    reader.get_by_role("link", name="All 3 versions of this story").click()
    expect(reader.get_by_role("heading", name="Version 3 live now")).to_be_visible()


def test_where_both_change_the_same_words_the_page_says_so_and_it_can_be_cancelled_in_the_same_step(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    rewritten = "The council recieved and turned down the plan on Monday."
    schedule(article, emil, replace(written(article), text=f"<p>{rewritten}</p>"))
    sign_in(page, live_server, emil)
    review_a_fix(page, article)

    clash = "It can’t be merged with this automatically, because both change the same words"
    pending = page.get_by_role("region", name="is to go live on 2 Mar 2026, 11:00")
    expect(pending.get_by_text(clash)).to_be_visible()
    pending.get_by_label("Keep it, with this change added").check()
    page.get_by_label("Note to readers").fill("A misspelling was fixed.")
    publish(page)
    expect(page.get_by_text("What is scheduled can’t be merged with this automatically")).to_be_visible()
    expect(page.get_by_label("Note to readers")).to_have_value("A misspelling was fixed.")

    page.get_by_label("Cancel it: its edits stay in the story").check()
    publish(page)
    expect_live(page, 4)
    expect(page.get_by_text("The waiting text was kept.")).to_be_visible()
    page.get_by_role("link", name="Edit what waits").click()
    expect(editor_of(page, "textblock_set-0")).to_have_text(rewritten)

    clock.now = minutes(180)
    reader.goto(STORY)
    expect(reader.get_by_text(PUT_RIGHT)).to_be_visible()
    expect(reader.get_by_text("turned down")).to_have_count(0)
    expect(reader.get_by_text("All 2 versions of this story")).to_be_visible()

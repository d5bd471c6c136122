"""A story whose blocks were deleted and reordered is brought back whole, in the browser, without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests.browser import barriers, sign_in
from tests.factories import begin, change, embed, go_live, minutes, quote, request, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(clock: Clock, emil: User, maya: User) -> Article:
    """Return a live story of four blocks. Since then two were deleted, the others reordered, one was added."""
    blocks = (
        text("<p>The council met on Monday.</p>"),
        quote("<p>We hear you, and we will answer.</p>"),
        embed(),
        text("<p>The vote is on Friday.</p>"),
    )
    article = begin(wanted("Council hears staff", *blocks, comment_requests=(request(),)), user=emil)
    go_live(article, user=emil)
    change(
        article,
        user=maya,
        blocks=(blocks[3], text("<p>A rewrite begins here.</p>"), blocks[0]),
        comment_requests=(),
        reason="A rewrite",
        at=minutes(5),
    )
    change(article, user=maya, headline="Council hears all", at=minutes(6))
    clock.now = minutes(10)
    return article


def test_a_story_is_restored_with_its_deleted_blocks_in_their_order(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article, clock: Clock
) -> None:
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/history/")
    first = page.get_by_role("row").filter(has_text="version 1")
    expect(first.get_by_text("live", exact=True)).to_be_visible()
    assert barriers(page, within="#content") == []
    first.get_by_role("link", name="Restore revision 1").press("Enter")
    expect(page.locator(".comparison ins", has_text="We hear you, and we will answer.")).to_be_visible()
    expect(page.locator(".comparison del", has_text="A rewrite begins here.")).to_be_visible()
    assert barriers(page, within="#content") == []
    page.get_by_label("Why?").fill("The rewrite goes nowhere.")

    # Another save in the meantime: it is not undone unseen, and nothing typed is lost.
    change(article, user=maya, dek="A line more.", at=clock.now)
    page.get_by_role("button", name="Restore revision 1").press("Enter")
    expect(page.get_by_text("Somebody saved this story since you looked")).to_be_visible()
    expect(page.get_by_label("Why?")).to_have_value("The rewrite goes nowhere.")
    expect(page.locator(".comparison del", has_text="A line more.")).to_be_visible()
    page.get_by_role("button", name="Restore revision 1").press("Enter")

    expect(page.get_by_text("The story reads as at revision 1 again; that is revision 5.")).to_be_visible()
    page.get_by_role("link", name="What this changed").click()
    expect(page.get_by_text("Restored from revision 1.")).to_be_visible()
    page.get_by_role("link", name="History").last.click()
    newest = page.locator(".story-history tbody tr").first
    expect(newest).to_contain_text("Restored from revision 1.")
    expect(newest).to_contain_text("The rewrite goes nowhere.")
    expect(newest).to_contain_text("Emil Editor")
    assert working_snapshot(Article.objects.get()) == snapshot_at(article.pk, 1)
    assert list(Verification()) == []

"""Who wrote a word that went through a split, a merge of two editors and a restore: asked in the browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.editing.restore import restore
from stories.actions.editing.revise import revise
from stories.models import Article, User
from stories.models.roles import REPORTER
from stories.queries.story.snapshots import snapshot_at
from tests.browser import barriers, sign_in
from tests.factories import begin, change, go_live, make_user, minutes, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

MET = "<p>The council met on Monday and heard the staff.</p>"
OBJECTED = "<p>They objected to the sale of cameras &amp; drones.</p>"

# Selects words in the story, as dragging the mouse over them does.
MARK = """(words) => {
  const walker = document.createTreeWalker(document.querySelector(".story-read"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(words);
    if (start < 0) continue;
    document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
    return;
  }
  throw new Error(`The story does not hold “${words}”.`);
}"""


@pytest.fixture
def article(clock: Clock, emil: User, maya: User) -> Article:
    """Return a story written by Rosa and published, split by Emil, merged, emptied and restored."""
    rosa = make_user(REPORTER)
    article = begin(wanted("Harbour", text(MET + OBJECTED), slug="harbour"), user=rosa)
    go_live(article, user=emil, at=minutes(1))
    first = snapshot_at(article.pk, 1).blocks[0]
    split_off = text(OBJECTED)
    split = (text(MET, key=first.key), split_off)
    change(article, user=emil, blocks=split, reason="Split it", at=minutes(2))
    reworded = text(OBJECTED.replace("objected", "objected loudly"), key=split_off.key)
    change(article, user=emil, blocks=(split[0], reworded), at=minutes(3))
    mine = replace(
        snapshot_at(article.pk, 2), blocks=(text(MET.replace("Monday", "Friday"), key=first.key), split_off)
    )
    revise(article=article, story=mine, base=2, user=maya, reason="The day", at=minutes(4))
    change(article, user=maya, blocks=(split[0],), reason="Cut", at=minutes(5))
    restore(article=article, revision=4, seen=5, user=emil, at=minutes(6))
    clock.now = minutes(10)
    return article


def ask(page: Page, article: Article, words: str) -> None:
    page.goto(f"/admin/stories/article/{article.pk}/history/6/")
    page.evaluate(MARK, words)
    page.get_by_role("button", name="Who wrote this?").click()


def test_a_word_is_traced_through_a_restore_a_merge_and_a_split_to_who_wrote_it(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    ask(page, article, "sale of cameras & drones")
    region = page.get_by_role("region", name="sale of cameras & drones")
    expect(region.locator("mark")).to_have_text("sale of cameras & drones")
    rows = region.locator("dl > div")
    expect(rows.filter(has_text="Added by")).to_contain_text("Rosa Reporter")
    expect(rows.filter(has_text="Added by")).to_contain_text("revision 1")
    steps = rows.filter(has_text="Came here by").get_by_role("listitem")
    expect(steps).to_have_count(2)
    expect(steps.nth(0)).to_contain_text("Split off from another place: Emil Editor")
    expect(steps.nth(1)).to_contain_text("Taken over from revision 4: Emil Editor")
    expect(rows.filter(has_text="Removed for a while")).to_contain_text("Removed: Maya Managing")
    expect(rows.filter(has_text="First shown to readers")).to_contain_text("version 1")
    expect(rows.filter(has_text="Removed by")).to_contain_text("Nobody: they are in the story.")
    assert barriers(page, within="#content") == []


def test_each_editor_of_a_merge_keeps_what_was_theirs(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    ask(page, article, "objected loudly to")
    loudly = page.get_by_role("region", name="loudly", exact=True)
    expect(loudly.locator("dl > div").first).to_contain_text("Emil Editor")
    expect(loudly).to_contain_text("Never: no publication has them.")
    ask(page, article, "Friday")
    expect(page.get_by_role("region", name="Friday").locator("dl > div").first).to_contain_text(
        "Maya Managing"
    )


def test_words_are_looked_up_without_a_mouse(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(f"/admin/stories/article/{article.pk}/history/6/")
    search = page.get_by_label("Who wrote this? Words of revision 6")
    search.fill("the")
    search.press("Enter")
    expect(page.get_by_text("They stand there 3 times. Which do you mean?")).to_be_visible()
    assert barriers(page, within="#content") == []
    page.get_by_role("link", name="text 2").press("Enter")
    expect(page.get_by_role("region", name="the")).to_contain_text("Rosa Reporter")

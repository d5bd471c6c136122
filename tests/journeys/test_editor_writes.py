"""An editor writes a story in a real browser, publishes it, edits it, and tells readers what changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, Publication, Revision
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import working_snapshot
from tests.browser import sign_in
from tests.factories import make_author, make_section, make_user
from tests.journeys.writing import write_behind

pytestmark = pytest.mark.django_db(transaction=True)


def add_block(page: Page, label: str, kind: str) -> Locator:
    """Add a block at the end of the body: the first of its kind."""
    page.locator(".add-blocks").get_by_text(label, exact=True).click()
    return page.locator(f"#{kind}_set-0")


def editor_of(block: Locator) -> Locator:
    return block.locator("[contenteditable=true]")


def write(block: Locator, *paragraphs: str) -> None:
    """Type into a block's rich text editor, as a person does."""
    editor_of(block).click()
    for number, words in enumerate(paragraphs):
        if number:
            editor_of(block).press("Enter")
        editor_of(block).press_sequentially(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_an_editor_writes_publishes_and_updates_a_story(page: Page, live_server: LiveServer) -> None:
    make_section()
    make_author()
    sign_in(page, live_server, make_user(EDITOR))

    page.goto("/admin/stories/article/add/")
    page.get_by_label("Headline").fill("Corvid answers its staff")
    page.get_by_label("Dek").fill("A first public answer.")
    expect(page.get_by_label("Slug")).to_have_value("corvid-answers-its-staff")
    write(page.locator("#textblock_set-0"), "The company spoke on Monday.", "It said little.")
    write(add_block(page, "Quote", "quoteblock"), "We hear you (sic) all.")
    page.locator("#id_quoteblock_set-0-speaker").fill("Dana Whitlock")
    page.get_by_text("Comment requests", exact=True).click()
    page.get_by_text("Add a request for comment").click()
    page.locator("#id_commentrequest_set-0-party").fill("Corvid Systems")
    page.locator("#id_section").select_option("technology")
    page.get_by_label("What changed, and why?").fill("Begun.")
    save(page)
    expect(page.get_by_text("Saved as revision 1.")).to_be_visible()

    save(page)
    expect(page.get_by_text("Nothing changed, so nothing was saved.")).to_be_visible()

    page.get_by_role("button", name="Review and publish").click()
    page.get_by_label("I have looked").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Version 1 is live.")).to_be_visible()

    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_text("Version 1 is live")).to_be_visible()
    write_behind(editor_of(page.locator("#textblock_set-0")), " Then it said more.")
    page.get_by_text("Update notes", exact=True).click()
    page.get_by_text("Add a note to readers").click()
    page.locator("#id_updatenote_set-0-kind").select_option("update")
    page.locator("#id_updatenote_set-0-text").fill("The company’s second answer was added.")
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("ins", has_text="Then it said more.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Version 2 is live.")).to_be_visible()

    page.get_by_role("link", name="Live page").click()
    expect(page.get_by_role("heading", name="Corvid answers its staff")).to_be_visible()
    expect(page.get_by_text("The company’s second answer was added.")).to_be_visible()

    article = Article.objects.get()
    story = working_snapshot(article)
    assert [getattr(block, "text", None) for block in story.blocks] == [
        "<p>The company spoke on Monday.</p><p>It said little. Then it said more.</p>",
        "<p>We hear you (sic) all.</p>",
    ]
    assert story.section == "technology"
    assert [each.number for each in Revision.objects.order_by("number")] == [1, 2]
    assert [each.publication_class for each in Publication.objects.order_by("pk")] == ["first", "noted"]

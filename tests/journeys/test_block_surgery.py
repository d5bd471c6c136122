"""Split here, join with the next, make this a quote: in a real browser, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.typing import address_of
from tests.browser import barriers, sign_in
from tests.factories import begin, quote, text, wanted
from tests.journeys.writing import add_block, editor_of, select, write_over

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "<p>The council <em>met on</em> Monday.</p>"
SECOND = "<p>It hears objections.</p>"
THIRD = "<p>A vote follows.</p>"


def opened(page: Page, live_server: LiveServer, editor: User) -> Article:
    article = begin(
        wanted("Council", text(FIRST + SECOND + THIRD), text("<p>Last.</p>"), quote()), user=editor
    )
    sign_in(page, live_server, editor)
    page.goto(address_of(article))
    expect(editor_of(page, "textblock_set-0")).to_be_visible()
    return article


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as revision 2.")).to_be_visible()


def body(article: Article) -> list[str]:
    return [getattr(block, "text", "") for block in working_snapshot(article).blocks]


def test_a_text_is_split_at_the_cursor_and_saved_later(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    article = opened(page, live_server, emil)
    before = working_snapshot(article).blocks
    select(editor_of(page, "textblock_set-0"), "Monday")
    page.get_by_role("button", name="Split here: text 1").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(editor_of(page, "textblock_set-0")).to_have_text("The council met on")
    expect(editor_of(page, "textblock_set-2")).to_be_focused()
    expect(editor_of(page, "textblock_set-2")).to_be_in_viewport()
    assert latest_revision(article.pk) == 1
    assert barriers(page, within=".order-machine-wrapper .block-surgery") == []
    save(page)
    assert body(article)[:3] == [
        "<p>The council <em>met on</em></p>",
        f"<p>Monday.</p>{SECOND}{THIRD}",
        "<p>Last.</p>",
    ]
    assert working_snapshot(article).blocks[0].key == before[0].key


def test_all_of_it_works_by_the_keyboard(page: Page, live_server: LiveServer, emil: User) -> None:
    article = opened(page, live_server, emil)
    editor = editor_of(page, "textblock_set-0")
    select(editor, "It hears")
    split = page.get_by_role("button", name="Split here: text 1")
    for _ in range(30):
        page.keyboard.press("Tab")
        if split.evaluate("button => button === document.activeElement"):
            break
    expect(split).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor_of(page, "textblock_set-2")).to_be_focused()
    page.keyboard.type("Then: ")
    page.get_by_role("button", name="Join with the next: text 1").press("Enter")
    expect(editor_of(page, "textblock_set-0")).to_contain_text("Then: It hears")
    save(page)
    assert body(article)[0] == FIRST + SECOND.replace("It", "Then: It") + THIRD


def test_what_is_marked_becomes_a_quote(page: Page, live_server: LiveServer, emil: User) -> None:
    article = opened(page, live_server, emil)
    button = page.get_by_role("button", name="Make this a quote: text 1")
    expect(button).to_have_text("Make this a quote")
    select(editor_of(page, "textblock_set-0"), "It hears", "objections.")
    page.get_by_role("button", name="Make what is marked a quote: text 1").click()
    expect(page.get_by_text("This is a quote now. Say who said it.")).to_be_visible()
    expect(editor_of(page, "quoteblock_set-1")).to_be_focused()
    page.locator("#id_quoteblock_set-1-speaker").fill("Dana Whitlock")
    save(page)
    assert [block.kind for block in working_snapshot(article).blocks] == [
        "text",
        "quote",
        "text",
        "text",
        "quote",
    ]
    assert body(article)[:3] == [FIRST, SECOND, THIRD]


def test_a_block_that_was_just_added_is_split_too(page: Page, live_server: LiveServer, emil: User) -> None:
    article = opened(page, live_server, emil)
    editor = add_block(page, "Text", "textblock_set-2")
    editor.click()
    editor.press_sequentially("One two three")
    select(editor, "three")
    page.get_by_role("button", name="Split here: text 3").click()
    expect(editor_of(page, "textblock_set-3")).to_have_text("three")
    save(page)
    assert body(article)[-2:] == ["<p>One two</p>", "<p>three</p>"]


def test_what_was_done_to_blocks_is_undone_by_the_keys_that_undo_typing(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    article = opened(page, live_server, emil)
    page.evaluate("window.isSamePage = true")
    before = working_snapshot(article)
    editor = editor_of(page, "textblock_set-0")
    select(editor, "It hears")
    page.get_by_role("button", name="Split here: text 1").click()
    expect(editor_of(page, "textblock_set-2")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("It hears")
    expect(page.locator("#textblock_set-2")).to_have_count(0)

    page.get_by_role("button", name="Join with the next: text 1").click()
    expect(editor).to_contain_text("Last.")
    page.keyboard.press("Control+z")
    expect(editor).not_to_contain_text("Last.")
    expect(editor_of(page, "textblock_set-1")).to_be_visible()

    page.get_by_role("button", name="Make this a quote: text 2").click()
    expect(editor_of(page, "quoteblock_set-1")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#quoteblock_set-1")).to_have_count(0)
    expect(editor_of(page, "textblock_set-1")).to_be_focused()

    tools = page.locator("#textblock_set-1 > .block-tools")
    tools.get_by_role("button", name="Move up").click()
    expect(page.locator("#textblock_set-1")).to_have_css("order", "10")
    page.keyboard.press("Control+z")
    expect(page.locator("#textblock_set-1")).to_have_css("order", "20")

    # Typing is undone as ever, and what was done before it stays. A quote is shown with marks of its own.
    write_over(editor_of(page, "textblock_set-1"), "Last.", "“Last.”")
    page.get_by_role("button", name="Make this a quote: text 2").click()
    expect(editor_of(page, "quoteblock_set-1")).to_be_focused()
    expect(editor_of(page, "quoteblock_set-1")).to_have_text("Last.")
    page.keyboard.type("Well: ")
    page.keyboard.press("Control+z")
    expect(editor_of(page, "quoteblock_set-1")).to_have_text("Last.")
    save(page)
    assert page.evaluate("window.isSamePage") is True
    after = working_snapshot(article)
    assert [block.kind for block in after.blocks] == ["text", "quote", "quote"]
    assert [block.key for block in after.blocks] == [block.key for block in before.blocks]


def until_in_empty_paragraph(editor: Locator) -> None:
    """Wait until the editor has noticed where the cursor went: it hears of that a moment later."""
    editor.evaluate(
        """async (editor) => {
          const paragraph = () => editor.editor.state.selection.$from.parent;
          while (paragraph().content.size) await new Promise((done) => setTimeout(done, 20));
        }"""
    )


def test_a_slash_in_an_empty_paragraph_adds_a_block(page: Page, live_server: LiveServer, emil: User) -> None:
    article = opened(page, live_server, emil)
    editor = editor_of(page, "textblock_set-0")
    select(editor, "It hears")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    until_in_empty_paragraph(editor)
    page.keyboard.type("/")
    menu = page.get_by_role("menu", name="Add to the story")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    assert barriers(page, within=".slash-menu") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(editor_of(page, "quoteblock_set-1")).to_be_focused()
    page.keyboard.type("Said.")
    page.locator("#id_quoteblock_set-1-speaker").fill("Dana Whitlock")
    save(page)
    assert body(article)[:3] == [FIRST, "<p>Said.</p>", SECOND + THIRD]

    # A slash that begins a line of words is one.
    select(editor, "The council")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    until_in_empty_paragraph(editor)
    page.keyboard.type("/ or 1/2")
    expect(editor).to_contain_text("/ or 1/2")


def test_a_block_is_added_at_the_end_by_the_keyboard(page: Page, live_server: LiveServer, emil: User) -> None:
    opened(page, live_server, emil)
    stops = [
        page.locator(".add-block").nth(number).evaluate("button => button.tabIndex") for number in range(4)
    ]
    assert stops == [0, -1, -1, -1]
    page.locator(".add-block").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(editor_of(page, "quoteblock_set-1")).to_be_focused()


def test_the_enter_key_in_a_field_still_saves(page: Page, live_server: LiveServer, emil: User) -> None:
    article = opened(page, live_server, emil)
    page.get_by_label("Headline").fill("Another")
    page.get_by_label("Headline").press("Enter")
    expect(page.get_by_text("Saved as revision 2.")).to_be_visible()
    assert len(body(article)) == 3

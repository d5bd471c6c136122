"""What is typed into a story's form outlives whatever stands between it and the save."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import TextBlock
from stories.models import Article, Revision, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import PATIENCE, barriers, sign_in
from tests.factories import PASSWORD, begin, change, go_live, png, quote, text, wanted
from tests.journeys.writing import add_block, editor_of, write_over

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "The council met on Monday."
OFFERED = "and did not save it"
NEW_WORDS = "Nobody had asked for that."


@pytest.fixture
def article(emil: User) -> Article:
    return begin(wanted("Council hears objections", text(), quote()), user=emil)


@pytest.fixture
def windows(browser: Browser, live_server: LiveServer) -> Iterator[list[Page]]:
    """Return further windows on the live server, each a browser of its own, in which pages may fail."""
    opened = [
        browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC") for _ in range(2)
    ]
    for context in opened:
        context.set_default_timeout(PATIENCE)
    yield [context.new_page() for context in opened]
    for context in opened:
        context.close()


def form_of(article: Article) -> str:
    return f"/admin/stories/article/{article.pk}/change/"


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("[contenteditable=true]").first).to_be_visible()


def type_all(page: Page) -> None:
    """Change a word in a text, add a block, remove a block, and change the headline."""
    page.get_by_label("Headline").fill("Council hears more")
    write_over(editor_of(page, "textblock_set-0"), "Monday", "Tuesday")
    add_block(page, "Text", "textblock_set-1").click()
    page.keyboard.type(NEW_WORDS)
    page.locator("#quoteblock_set-0 > .block-tools").get_by_role("button", name="Delete").click()


def expect_all_typed(page: Page) -> None:
    expect(page.get_by_label("Headline")).to_have_value("Council hears more")
    expect(editor_of(page, "textblock_set-0")).to_contain_text("met on Tuesday")
    expect(editor_of(page, "textblock_set-1")).to_contain_text(NEW_WORDS)
    expect(page.locator("#id_quoteblock_set-0-DELETE")).to_be_checked()


def wait_until_stored(page: Page, words: str = NEW_WORDS) -> None:
    page.wait_for_function("words => JSON.stringify({...localStorage}).includes(words)", arg=words)


def wait_until_forgotten(page: Page, words: str = "newsroom.typed") -> None:
    page.wait_for_function("words => !JSON.stringify({...localStorage}).includes(words)", arg=words)


# Whether the stored form is the form as it is now.
_ALL_IS_STORED = """() => {
  const form = document.querySelector("[name=opened]").form;
  const isTyped = ([name, value]) =>
    typeof value === "string" && name !== "csrfmiddlewaretoken" && !name.includes("__prefix__");
  const now = JSON.stringify([...new FormData(form)].filter(isTyped));
  return Object.values({ ...localStorage }).some((each) => each.includes(`"fields":${now}`));
}"""


def browser_storage(page: Page) -> str:
    found: str = page.evaluate("JSON.stringify({...localStorage})")
    return found


def fill_slug(page: Page, slug: str) -> None:
    """Open the group that the slug stands in, where it is folded."""
    field = page.locator("#id_slug")
    if not field.is_visible():
        page.get_by_role("heading", name="About the story").click()
    field.fill(slug)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def save_and_close(page: Page) -> None:
    """Save by a button that leaves the page: the other one stays, and says in place what came of it."""
    page.get_by_role("button", name="Save and close").click()


def put_back(page: Page) -> None:
    expect(page.get_by_text(OFFERED)).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("It is not saved yet.")).to_be_visible()


def sign_in_by_hand(page: Page, user: User) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def let_sign_ins_expire() -> None:
    Session.objects.all().delete()


def saved_words(article: Article) -> str:
    story = working_snapshot(Article.objects.get(pk=article.pk))
    return " ".join([story.headline, *(block.text for block in story.blocks if isinstance(block, TextBlock))])


def expect_saved(page: Page, article: Article) -> None:
    expect(page.get_by_text("Saved as revision")).to_be_visible()
    story = working_snapshot(Article.objects.get(pk=article.pk))
    assert story.headline == "Council hears more"
    assert [type(block).__name__ for block in story.blocks] == ["TextBlock", "TextBlock"]
    assert NEW_WORDS in saved_words(article)
    assert "Tuesday" in saved_words(article)
    wait_until_forgotten(page)


def test_after_a_crash_it_is_offered_back_and_forgotten_once_it_is_saved(
    browser: Browser, live_server: LiveServer, emil: User, article: Article, page: Page
) -> None:
    crashed = browser.new_context(base_url=live_server.url)
    window = crashed.new_page()
    sign_in(window, live_server, emil)
    open_form(window, form_of(article))
    type_all(window)
    moved_block = window.locator("#textblock_set-1")
    for order in ("20", "10"):
        moved_block.locator("> .block-tools").get_by_role("button", name="Move up").press("Enter")
        expect(moved_block).to_have_css("order", order)
    wait_until_stored(window)
    # What is stored may be from before the moves.
    window.wait_for_function(_ALL_IS_STORED)
    # A crashing browser runs no scripts: only what was stored before counts.
    stored: Any = crashed.storage_state()
    crashed.close()

    page.goto("/healthz")
    for origin in stored["origins"]:
        for item in origin["localStorage"]:
            page.evaluate("item => localStorage.setItem(item.name, item.value)", item)
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    expect(page.get_by_label("Headline")).to_have_value("Council hears objections")
    assert barriers(page, within=".typed-offers") == []
    put_back(page)
    expect_all_typed(page)
    assert Revision.objects.count() == 1
    save(page)
    expect_saved(page, article)
    moved = working_snapshot(article).blocks[0]
    assert isinstance(moved, TextBlock)
    assert NEW_WORDS in moved.text
    page.reload()
    expect(page.get_by_text(OFFERED)).to_be_hidden()


def test_a_story_that_nobody_saved_yet_comes_back_with_its_blocks(
    page: Page, live_server: LiveServer, emil: User, tmp_path: Path
) -> None:
    sign_in(page, live_server, emil)
    page.goto("/admin/stories/article/add/")
    page.get_by_label("Headline").fill("A new story")
    add_block(page, "Text", "textblock_set-0").click()
    page.keyboard.type(NEW_WORDS)
    add_block(page, "Picture", "imageblock_set-0")
    picture = tmp_path / "hall.png"
    picture.write_bytes(png())
    page.locator("#id_imageblock_set-0-upload").set_input_files(picture)
    wait_until_stored(page)
    wait_until_stored(page, "hall.png")
    page.goto("/admin/")
    page.goto("/admin/stories/article/add/")
    expect(page.get_by_text("A new story")).to_be_visible()
    put_back(page)
    expect(
        page.get_by_text("The picture file “hall.png” could not be kept. Choose it again.")
    ).to_be_visible()
    expect(page.locator(".errorlist")).to_have_count(0)
    page.locator("#id_imageblock_set-0-upload").set_input_files(picture)
    page.locator("#id_imageblock_set-0-alt_text").fill("The hall.")
    save(page)
    expect(page.get_by_text("Saved as revision 1.")).to_be_visible()
    assert NEW_WORDS in saved_words(Article.objects.get())
    assert Article.objects.get().imageblock_set.count() == 1
    wait_until_forgotten(page)


def test_it_survives_an_invalid_field_and_is_not_forgotten_by_the_refusal(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    fill_slug(page, "not a slug")
    save(page)
    expect(page.locator(".errorlist").first).to_be_visible()
    expect_all_typed(page)
    assert NEW_WORDS in browser_storage(page)
    # If it is left unanswered, it is offered the next time.
    page.goto("/admin/")
    open_form(page, form_of(article))
    put_back(page)
    expect_all_typed(page)
    fill_slug(page, "a-slug")
    save(page)
    expect_saved(page, article)


def test_it_survives_a_sign_in_that_expired_before_the_save(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    let_sign_ins_expire()
    save_and_close(page)
    sign_in_by_hand(page, emil)
    put_back(page)
    expect_all_typed(page)
    save(page)
    expect_saved(page, article)


def test_the_open_form_notices_that_the_sign_in_ended_and_goes_on_after_the_next(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    let_sign_ins_expire()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Your sign-in has ended.")).to_be_visible()
    assert barriers(page, within=".presence") == []
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again").click()
    sign_in_by_hand(opened.value, emil)
    expect(opened.value.get_by_text("Welcome")).to_be_visible()
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("You are signed in again.")).to_be_visible()
    expect(page.get_by_text("Your sign-in has ended.")).to_be_hidden()
    save(page)
    expect_saved(page, article)


def test_where_somebody_else_signs_in_nothing_is_saved_under_their_name(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    let_sign_ins_expire()
    other = page.context.new_page()
    other.goto("/admin/")
    sign_in_by_hand(other, maya)
    expect(other.get_by_text("Welcome")).to_be_visible()
    open_form(other, form_of(article))
    expect(other.get_by_text(OFFERED)).to_be_hidden()
    assert NEW_WORDS not in other.content()
    other.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Somebody else has signed in in this browser")).to_be_visible()
    save(page)
    expect_all_typed(page)
    assert Revision.objects.count() == 1


def test_a_form_from_before_the_next_sign_in_is_refused_in_words_and_offered_back(
    windows: list[Page], live_server: LiveServer, emil: User, article: Article
) -> None:
    page = windows[0]
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    page.evaluate(
        "for (const field of document.getElementsByName('csrfmiddlewaretoken')) field.value = 'x'.repeat(32)"
    )
    save_and_close(page)
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Open the page again").click()
    put_back(page)
    expect_all_typed(page)


def test_it_survives_a_server_that_fails_and_one_that_cannot_be_reached(
    windows: list[Page],
    live_server: LiveServer,
    emil: User,
    article: Article,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = windows[0]
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)

    def fail(**values: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("stories.admin.story_form.story_form.revise", fail)
        save_and_close(page)
        expect(page.get_by_role("heading", name="Something went wrong")).to_be_visible()
    page.get_by_role("link", name="Open the page again").click()
    put_back(page)
    expect_all_typed(page)
    page.get_by_label("Headline").fill("Council hears more still")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        save_and_close(page)
    page.context.set_offline(False)
    open_form(page, form_of(article))
    put_back(page)
    page.get_by_label("Headline").fill("Council hears more")
    expect_all_typed(page)
    save(page)
    expect_saved(page, article)


def test_it_survives_a_conflict_and_a_save_by_somebody_else(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    block = working_snapshot(article).blocks[0]
    assert isinstance(block, TextBlock)
    others = replace(block, text="<p>The council met on Friday.</p>")
    change(article, user=maya, blocks=(others, *working_snapshot(article).blocks[1:]), dek="Hers.")
    # It was left before it was sent: the offer says that it is older than the story.
    wait_until_stored(page)
    open_form(page, form_of(article))
    expect(page.get_by_text("The story was saved since.")).to_be_visible()
    put_back(page)
    expect_all_typed(page)
    save(page)

    def expect_both() -> None:
        expect(page.get_by_role("heading", name="Somebody else changed the same places")).to_be_visible()
        expect(page.locator(".conflicts").get_by_text("Tuesday").first).to_be_visible()
        expect(page.get_by_label("Headline")).to_have_value("Council hears more")
        expect(editor_of(page, "textblock_set-0")).to_contain_text("Tuesday")
        expect(editor_of(page, "textblock_set-1")).to_contain_text(NEW_WORDS)

    expect_both()
    # An unresolved conflict is offered back with both sides.
    page.goto("/admin/")
    open_form(page, form_of(article))
    expect(page.get_by_role("button", name="Put it back")).to_have_count(1)
    put_back(page)
    expect_both()
    save(page)
    expect_saved(page, article)


def test_nobody_else_is_shown_it_and_who_signs_out_leaves_nothing_behind(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    type_all(page)
    wait_until_stored(page)
    let_sign_ins_expire()
    page.goto("/admin/")
    sign_in_by_hand(page, maya)
    open_form(page, form_of(article))
    expect(page.get_by_text(OFFERED)).to_be_hidden()
    assert NEW_WORDS not in page.content()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
    assert NEW_WORDS in browser_storage(page)

    page.goto("/admin/")
    sign_in_by_hand(page, emil)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if len(asked) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Welcome")).to_be_visible()
    assert NEW_WORDS in browser_storage(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
    wait_until_forgotten(page)
    assert "If you sign out, this browser forgets it." in asked[0]


def test_it_can_be_forgotten_and_is_gone_after_a_week(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    page.get_by_label("Headline").fill("Typed")
    wait_until_stored(page, "Typed")
    open_form(page, form_of(article))
    page.get_by_role("button", name="Discard it").press("Enter")
    expect(page.get_by_text(OFFERED)).to_be_hidden()
    wait_until_forgotten(page)

    page.get_by_label("Headline").fill("Typed again")
    wait_until_stored(page, "Typed again")
    page.goto("/admin/")
    page.evaluate(
        """() => {
          const [key, value] = Object.entries(localStorage).find(([key]) => key.startsWith("newsroom.typed:"));
          const week = 7 * 24 * 60 * 60 * 1000;
          localStorage.setItem(key, JSON.stringify({ ...JSON.parse(value), at: Date.now() - week - 1 }));
        }"""
    )
    open_form(page, form_of(article))
    expect(page.get_by_text(OFFERED)).to_be_hidden()
    wait_until_forgotten(page, "Typed again")


def test_where_nothing_can_be_kept_the_page_says_so(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    page.add_init_script(
        """const setItem = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
          if (key.startsWith("newsroom.")) throw new DOMException("full", "QuotaExceededError");
          setItem.call(this, key, value);
        };"""
    )
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    expect(page.get_by_text("This browser can’t keep what you type.")).to_be_hidden()
    page.get_by_label("Headline").fill("Typed")
    expect(page.get_by_text("This browser can’t keep what you type.")).to_be_visible()


def test_who_leaves_what_is_not_saved_is_warned_and_nobody_else(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    warned: list[str] = []

    def answer(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    sign_in(page, live_server, emil)
    open_form(page, form_of(article))
    page.get_by_label("Headline").click()
    page.goto("/admin/")
    assert warned == []

    open_form(page, form_of(article))
    editor = editor_of(page, "textblock_set-0")
    write_over(editor, "Monday", "Tuesday")
    page.keyboard.press("Control+z")
    expect(editor).to_contain_text("Monday")
    page.goto("/admin/")
    assert warned == []

    open_form(page, form_of(article))
    write_over(editor_of(page, "textblock_set-0"), "Monday", "Tuesday")
    page.goto("/admin/")
    assert warned == ["beforeunload"]

    open_form(page, form_of(article))
    page.get_by_label("Headline").fill("Saved")
    save(page)
    expect(page.get_by_text("Saved as revision 2.")).to_be_visible()
    page.goto("/admin/")
    assert warned == ["beforeunload"]

    page.goto(f"/admin/stories/article/{article.pk}/discard/")
    page.get_by_label("Why?").fill("Because.")
    page.goto("/admin/")
    assert warned == ["beforeunload"] * 2


def test_a_fix_is_kept_too_until_it_is_published(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    go_live(article, user=emil)
    sign_in(page, live_server, emil)
    open_form(page, f"/admin/stories/article/{article.pk}/fix/")
    write_over(editor_of(page, "textblock_set-0"), "met on", "sat on")
    wait_until_stored(page, "sat on")
    page.goto("/admin/")
    open_form(page, f"/admin/stories/article/{article.pk}/fix/")
    put_back(page)
    page.get_by_role("button", name="Review this fix").click()
    page.get_by_label("Minor: spelling, or a few words of style").check()
    page.get_by_label("Note to readers").fill("A better verb.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="is live")).to_be_visible()
    wait_until_forgotten(page)

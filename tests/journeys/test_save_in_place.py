"""A save leaves the page where it is: the caret stays, and no word that is typed meanwhile is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import ImageBlock, NoteKind, TextBlock
from stories.models import Article, Revision, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.browser import PATIENCE, barriers, sign_in
from tests.factories import PASSWORD, begin, change, note, png, quote, request, text, wanted
from tests.journeys.writing import add_block, editor_of, select, write_behind, write_over

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "<p>The council met on Monday.</p><p>Nobody spoke against the plan.</p>"
SECOND = "<p>A vote is to follow.</p>"
# All twenty take a minute: JOURNEYS=long pytest ...
SAVES = 20 if os.environ.get("JOURNEYS") == "long" else 5
# Eight keys a second.
PACE = 125


@pytest.fixture
def article(emil: User) -> Article:
    return begin(wanted("Council hears objections", text(FIRST), text(SECOND)), user=emil)


@pytest.fixture
def form(page: Page, live_server: LiveServer, emil: User, article: Article) -> Page:
    sign_in(page, live_server, emil)
    return opened(page, article)


@pytest.fixture
def loose(browser: Browser, live_server: LiveServer, emil: User, article: Article) -> Iterator[Page]:
    """Return a window in which requests may fail."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    sign_in(window, live_server, emil)
    yield opened(window, article)
    context.close()


def opened(page: Page, article: Article) -> Page:
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(editor_of(page, "textblock_set-0")).to_be_visible()
    expect(editor_of(page, "textblock_set-1")).to_be_visible()
    # A page that is loaded again would not have it.
    page.evaluate("window.isSamePage = true")
    return page


def expect_saved(page: Page, number: int) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(f"Saved as revision {number}.")
    expect(page.locator("[data-save-state] strong")).to_contain_text("Saved ")
    assert page.evaluate("window.isSamePage") is True


def words(article: Article) -> list[str]:
    return [block.text for block in working_snapshot(article).blocks if isinstance(block, TextBlock)]


def hold_saves(page: Page) -> list[Route]:
    """Hold what the page sends; the list has the routes to let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and "x-save-in-place" in route.request.headers:
            held.append(route)
        else:
            route.fallback()

    page.route("**/change/", hold)
    return held


def until_held(page: Page, held: list[Route], count: int = 1) -> None:
    for _ in range(600):
        if len(held) >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError("Nothing was sent.")


def test_no_word_is_lost_by_typing_through_saves_and_the_caret_stays(form: Page, article: Article) -> None:
    editor = editor_of(form, "textblock_set-0")
    write_behind(editor, " Begin")
    typed = " Begin"
    for number in range(SAVES):
        more = f" word{number} and so on"
        form.keyboard.press("Control+s")
        form.keyboard.type(more, delay=PACE)
        expect(editor).to_be_focused()
        typed += more
    expect(form.locator("[data-save-state]")).to_contain_text("Saved as revision")
    form.keyboard.press("Control+s")
    form.wait_for_function(
        "words => document.querySelector('[data-save-state]').dataset.state === 'saved'", arg=typed
    )
    form.wait_for_timeout(500)
    form.keyboard.press("Control+s")
    form.wait_for_timeout(1500)
    assert words(article)[0] == FIRST.removesuffix("</p>") + typed + "</p>"
    assert form.evaluate("window.isSamePage") is True
    # What was typed can still be undone, over all saves.
    form.keyboard.press("Control+z")
    expect(editor).not_to_contain_text(f"word{SAVES - 1} and so on")
    assert barriers(form, within=".save-bar") == []


def test_what_is_typed_while_a_save_is_on_its_way_is_part_of_the_next(form: Page, article: Article) -> None:
    held = hold_saves(form)
    editor = editor_of(form, "textblock_set-0")
    write_behind(editor, " One.")
    form.keyboard.press("Control+s")
    expect(form.locator("[data-save-state]")).to_contain_text("Saving…")
    form.keyboard.type(" Two.")
    until_held(form, held)
    # A second save waits for the first.
    form.keyboard.press("Control+s")
    form.keyboard.type(" Three.")
    form.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    until_held(form, held, 2)
    assert words(article)[0].endswith("One.</p>")
    held[1].continue_()
    expect_saved(form, 3)
    expect(editor).to_be_focused()
    assert words(article)[0].endswith("One. Two. Three.</p>")


def test_saved_is_said_only_of_what_the_page_holds(form: Page, article: Article) -> None:
    state = form.locator("[data-save-state]")
    editor = editor_of(form, "textblock_set-0")
    write_behind(editor, " One.")
    form.keyboard.press("Control+s")
    expect_saved(form, 2)
    form.wait_for_timeout(600)  # what is typed sooner is undone together with what was saved
    form.keyboard.type(" Two.")
    expect(state).to_contain_text("Changed since")
    expect(state).to_contain_text("Not saved yet.")
    form.keyboard.press("Control+z")
    expect(editor).to_contain_text("One.")
    expect(editor).not_to_contain_text("Two.")
    expect_saved(form, 2)
    form.locator("#id_dek").fill("A line.")
    expect(state).to_contain_text("Changed since")

    # Nor while it goes on during the save, whose outcome is said.
    held = hold_saves(form)
    form.keyboard.press("Control+s")
    until_held(form, held)
    form.locator("#id_dek").fill("Another line.")
    held[0].continue_()
    expect(state).to_contain_text("Changed since")
    expect(state).to_contain_text("Saved as revision 3.")


def test_an_undone_split_takes_its_message_along(form: Page) -> None:
    state = form.locator("[data-save-state]")
    write_behind(editor_of(form, "textblock_set-0"), "")
    form.keyboard.press("Home")
    form.locator("#textblock_set-0").get_by_role("button", name="Split here").click()
    expect(state).to_contain_text("Nothing is saved yet.")
    form.keyboard.press("Control+z")
    expect(state).to_be_empty()


def test_blocks_are_added_and_deleted_over_several_saves(form: Page, article: Article) -> None:
    add_block(form, "Text", "textblock_set-2").click()
    form.keyboard.type("Added.")
    form.keyboard.press("Control+s")
    expect_saved(form, 2)
    expect(form.locator("#textblock_set-2 .inline_label")).to_have_text("Added.")
    expect(editor_of(form, "textblock_set-2")).to_be_focused()
    form.keyboard.type(" More.")
    form.keyboard.press("Control+s")
    expect_saved(form, 3)
    assert words(article) == [FIRST, SECOND, "<p>Added. More.</p>"]
    keys = [block.key for block in working_snapshot(article).blocks]

    form.locator("#textblock_set-1 > .block-tools").get_by_role("button", name="Delete").click()
    form.keyboard.press("Control+s")
    expect_saved(form, 4)
    expect(form.locator("#textblock_set-1 .ProseMirror")).to_have_count(0)
    assert words(article) == [FIRST, "<p>Added. More.</p>"]
    add_block(form, "Quote", "quoteblock_set-0").click()
    form.keyboard.type("Said.")
    form.locator("#id_quoteblock_set-0-speaker").fill("Dana Whitlock")
    add_block(form, "Text", "textblock_set-3")
    form.locator("#textblock_set-2 > .block-tools").get_by_role("button", name="Delete").click()
    form.keyboard.press("Control+s")
    expect_saved(form, 5)
    story = working_snapshot(article)
    assert [block.kind for block in story.blocks] == ["text", "quote"]
    assert story.blocks[0].key == keys[0]
    form.reload()
    expect(editor_of(form, "quoteblock_set-0")).to_have_text("Said.")


def test_requests_and_notes_are_added_and_deleted_over_several_saves(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    story = wanted(
        "Council hears objections",
        text(FIRST),
        text(SECOND),
        comment_requests=(request("Corvid Systems"), request("the League")),
        update_notes=(note("A name was misspelt.", NoteKind.TYPO),),
    )
    article = begin(story, user=emil)
    sign_in(page, live_server, emil)
    form = opened(page, article)
    for group, row in (("Comment requests", "commentrequest_set-0"), ("Update notes", "updatenote_set-0")):
        form.locator("summary", has_text=group).scroll_into_view_if_needed()
        form.locator(f"#id_{row}-DELETE").check()
    form.keyboard.press("Control+s")
    expect_saved(form, 2)
    form.locator("#commentrequest_set-group .add-row a").click()
    form.locator("#id_commentrequest_set-2-party").fill("The mayor")
    form.keyboard.press("Control+s")
    expect_saved(form, 3)
    expect(form.locator("#commentrequest_set-2").get_by_role("link", name="Deadline")).to_be_visible()
    form.get_by_label("Headline").fill("Council hears more")
    form.keyboard.press("Control+s")
    expect_saved(form, 4)
    saved = working_snapshot(article)
    assert [each.party for each in saved.comment_requests] == ["the League", "The mayor"]
    assert saved.update_notes == ()
    # Sent by a button that leaves the page, too.
    form.get_by_role("button", name="Save and close").click()
    expect(form.get_by_text("Nothing changed, so nothing was saved.")).to_be_visible()


def test_a_picture_is_sent_once(form: Page, article: Article, tmp_path: Path) -> None:
    picture = tmp_path / "hall.png"
    picture.write_bytes(png())
    add_block(form, "Picture", "imageblock_set-0")
    form.locator("#id_imageblock_set-0-upload").set_input_files(picture)
    form.locator("#id_imageblock_set-0-alt_text").fill("The hall.")
    form.keyboard.press("Control+s")
    expect_saved(form, 2)
    assert form.locator("#id_imageblock_set-0-upload").evaluate("input => input.files.length") == 0
    form.locator("#id_imageblock_set-0-alt_text").fill("The old hall.")
    form.keyboard.press("Control+s")
    expect_saved(form, 3)
    (block,) = (each for each in working_snapshot(article).blocks if isinstance(each, ImageBlock))
    assert block.picture
    assert block.alt_text == "The old hall."


def test_a_new_story_gets_its_address_without_leaving_the_page(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    sign_in(page, live_server, emil)
    page.goto("/admin/stories/article/add/")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("Headline").fill("A new story")
    editor_of(page, "textblock_set-0").click()
    page.keyboard.type("It begins.")
    page.keyboard.press("Control+s")
    expect_saved(page, 1)
    expect(editor_of(page, "textblock_set-0")).to_be_focused()
    page.keyboard.type(" It goes on.")
    page.keyboard.press("Control+s")
    expect_saved(page, 2)
    article = Article.objects.get()
    assert page.url.split("#")[0].endswith(f"/admin/stories/article/{article.pk}/change/")
    assert words(article) == ["<p>It begins. It goes on.</p>"]
    expect(page.get_by_role("link", name="History")).to_be_visible()


def test_errors_come_up_in_place_as_links_to_their_fields(form: Page, article: Article) -> None:
    write_behind(editor_of(form, "textblock_set-0"), " Kept.")
    form.get_by_label("Headline").fill("")
    form.get_by_role("heading", name="About the story").click()
    form.locator("#id_slug").fill("not a slug")
    form.locator("#id_slug").press("Control+s")
    problems = form.locator(".form-problems a")
    expect(problems).to_have_count(2)
    expect(form.get_by_label("Headline")).to_be_focused()
    expect(form.locator("[data-save-state]")).to_contain_text("Not saved.")
    assert latest_revision(article.pk) == 1
    assert form.evaluate("window.isSamePage") is True
    assert barriers(form, within="#article_form .form-problems") == []
    problems.nth(1).click()
    expect(form.locator("#id_slug")).to_be_focused()
    form.locator("#id_slug").fill("a-slug")
    form.get_by_label("Headline").fill("A headline")
    form.keyboard.press("Control+s")
    expect_saved(form, 2)
    expect(problems).to_have_count(0)
    expect(form.locator(".errorlist")).to_have_count(0)
    assert "Kept." in words(article)[0]


def test_what_somebody_else_saved_comes_into_the_page_without_the_caret_moving(
    form: Page, article: Article, maya: User
) -> None:
    story = working_snapshot(article)
    first, second = story.blocks
    assert isinstance(first, TextBlock)
    others = TextBlock(key=first.key, text=first.text.replace("Nobody", "Two people"))
    change(
        article,
        user=maya,
        blocks=(text("<p>Before all.</p>"), others, second, quote("<p>Hers.</p>")),
        dek="Hers.",
    )
    held = hold_saves(form)
    editor = editor_of(form, "textblock_set-0")
    select(editor, "on Monday")
    form.keyboard.type("again ")
    form.keyboard.press("Control+s")
    until_held(form, held)
    form.keyboard.type("late ")
    held[0].continue_()
    expect(form.locator(".merged-message")).to_contain_text("Saved as revision 3.")
    expect(form.locator(".merged-message")).to_be_in_viewport()
    form.keyboard.type("and hot ")
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("The council met again late and hot on Monday.")
    expect(editor).to_contain_text("Two people spoke against the plan.")
    expect(form.get_by_label("Dek")).to_have_value("Hers.")
    expect(editor_of(form, "textblock_set-2")).to_have_text("Before all.")
    expect(editor_of(form, "quoteblock_set-0")).to_have_text("Hers.")
    form.unroute_all()
    form.keyboard.press("Control+s")
    expect_saved(form, 4)
    assert words(article) == [
        "<p>Before all.</p>",
        "<p>The council met again late and hot on Monday.</p><p>Two people spoke against the plan.</p>",
        SECOND,
    ]
    assert len(working_snapshot(article).blocks) == 4


def test_typing_where_somebody_else_changed_the_words_meanwhile_keeps_both(
    form: Page, article: Article, maya: User
) -> None:
    first, second = working_snapshot(article).blocks
    assert isinstance(first, TextBlock)
    others = TextBlock(key=first.key, text=first.text.replace("Nobody", "Two people"))
    change(article, user=maya, blocks=(others, second))
    held = hold_saves(form)
    editor = editor_of(form, "textblock_set-0")
    write_over(editor, "Monday", "Tuesday")
    form.keyboard.press("Control+s")
    until_held(form, held)
    write_over(editor, "Nobody", "Not one")
    held[0].continue_()
    expect(form.locator(".merged-message")).to_contain_text("Two people")
    form.keyboard.type(" of all")
    expect(editor).to_be_focused()
    form.unroute_all()
    form.keyboard.press("Control+s")
    expect_saved(form, 4)
    assert words(article)[0] == (
        "<p>The council met on Tuesday.</p><p>Not one of all spoke against the plan.</p>"
        "<p>Two people spoke against the plan.</p>"
    )


def test_a_conflict_comes_up_in_place_while_somebody_writes_elsewhere(
    form: Page, article: Article, maya: User
) -> None:
    story = working_snapshot(article)
    first, second = story.blocks
    assert isinstance(first, TextBlock)
    change(
        article,
        user=maya,
        blocks=(TextBlock(key=first.key, text=first.text.replace("Monday", "Sunday")), second),
    )
    write_over(editor_of(form, "textblock_set-0"), "Monday", "Tuesday")
    editor = editor_of(form, "textblock_set-1")
    write_behind(editor, " Soon")
    form.keyboard.press("Control+s")
    form.keyboard.type(" enough.")
    expect(form.locator("[data-save-state]")).to_contain_text("Not saved.")
    expect(editor).to_be_focused()
    form.keyboard.type(" Or late.")
    assert latest_revision(article.pk) == 2
    place = form.get_by_role("group", name="Text 1, paragraph 1")
    expect(place.locator(".theirs ins", has_text="Sunday")).to_be_visible()
    form.locator("[data-save-state] a").click()
    expect(form.get_by_role("heading", name="Somebody else changed the same places")).to_be_focused()
    place.get_by_label("Theirs", exact=True).check()
    form.keyboard.press("Control+s")
    expect_saved(form, 3)
    expect(form.locator(".conflicts")).to_have_count(0)
    assert words(article) == [FIRST.replace("Monday", "Sunday"), SECOND[:-4] + " Soon enough. Or late.</p>"]
    expect(editor_of(form, "textblock_set-0")).to_contain_text("Sunday")


def test_an_answer_that_is_lost_is_no_conflict_with_oneself(loose: Page, article: Article) -> None:
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and "x-save-in-place" in route.request.headers and not lost:
            route.fetch()
            lost.append(route)
            route.abort()
        else:
            route.fallback()

    loose.route("**/change/", lose)
    write_behind(editor_of(loose, "textblock_set-0"), " One.")
    loose.keyboard.press("Control+s")
    expect(loose.locator("[data-save-state]")).to_contain_text("Not saved: the site does not answer.")
    loose.keyboard.type(" Two.")
    expect(loose.locator("[data-save-state]")).to_contain_text("This was saved already, as revision 2.")
    loose.keyboard.press("Control+s")
    expect_saved(loose, 3)
    assert words(article)[0].endswith("One. Two.</p>")


def test_offline_it_is_kept_and_saved_once_the_site_is_back(loose: Page, article: Article) -> None:
    write_behind(editor_of(loose, "textblock_set-0"), " One.")
    loose.context.set_offline(True)
    loose.keyboard.press("Control+s")
    expect(loose.locator("[data-save-state]")).to_contain_text("Offline: kept here")
    loose.keyboard.type(" Two.")
    loose.context.set_offline(False)
    # What was typed since it was sent is not saved yet.
    expect(loose.locator("[data-save-state]")).to_contain_text("Saved as revision 2.")
    expect(loose.locator("[data-save-state] strong")).to_contain_text("Changed since")
    loose.keyboard.press("Control+s")
    expect_saved(loose, 3)
    assert words(article)[0].endswith("One. Two.</p>")


def test_an_ended_sign_in_is_said_and_nothing_is_lost(
    loose: Page, article: Article, emil: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_behind(editor_of(loose, "textblock_set-0"), " One.")
    Session.objects.all().delete()
    loose.keyboard.press("Control+s")
    expect(loose.locator("[data-save-state]")).to_contain_text("Not saved: sign in again.")
    expect(editor_of(loose, "textblock_set-0")).to_be_focused()
    with loose.expect_popup() as popup:
        loose.locator("[data-save-state] a").click()
    popup.value.get_by_label("E-mail address").fill(emil.email)
    popup.value.get_by_label("Password").fill(PASSWORD)
    popup.value.get_by_role("button", name="Sign in", exact=True).click()
    expect(popup.value.get_by_text("Welcome")).to_be_visible()
    popup.value.close()
    loose.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(loose, 2)

    def fail(**values: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("stories.admin.story_form.story_form.revise", fail)
        write_behind(editor_of(loose, "textblock_set-0"), " Two.")
        loose.keyboard.press("Control+s")
        expect(loose.locator("[data-save-state]")).to_contain_text("Not saved: the site does not answer.")
    expect_saved(loose, 3)
    assert Revision.objects.filter(article=article).count() == 3
    assert words(article)[0].endswith("One. Two.</p>")

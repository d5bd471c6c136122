"""Two editors have one story open: what merges is told, what conflicts is chosen, and both keep their words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, Revision, User
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests.browser import PATIENCE, barriers, sign_in
from tests.factories import begin, embed, text, wanted
from tests.journeys.writing import editor_of, write_over

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "<p>The council met on Monday in the old hall.</p><p>Nobody spoke against the plan.</p>"
SECOND = "<p>A vote is to follow on Friday, its speaker says.</p>"


@pytest.fixture
def article(emil: User) -> Article:
    """Return a draft of two texts and a link card."""
    return begin(wanted("Council hears objections", text(FIRST), text(SECOND), embed()), user=emil)


@pytest.fixture
def mayas(browser: Browser, live_server: LiveServer, maya: User) -> Iterator[Page]:
    """Return another editor's window, on another machine."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    sign_in(window, live_server, maya)
    yield window
    context.close()


@pytest.fixture
def emils(page: Page, live_server: LiveServer, emil: User) -> Page:
    """Return the window of the editor who saves second."""
    sign_in(page, live_server, emil)
    return page


def both_open(article: Article, *windows: Page) -> None:
    for window in windows:
        window.goto(f"/admin/stories/article/{article.pk}/change/")
        expect(editor_of(window, "textblock_set-0")).to_contain_text("old hall")


def save(window: Page) -> None:
    window.get_by_role("button", name="Save", exact=True).click()


def place(window: Page, name: str) -> Locator:
    """Return the place of a conflict, by its name."""
    return window.get_by_role("group", name=name)


def texts(article: Article, number: int = 0) -> list[str]:
    story = snapshot_at(article.pk, number) if number else working_snapshot(article)
    return [block.text for block in story.blocks if hasattr(block, "text")]


def test_edits_of_different_paragraphs_merge_and_each_is_reported_with_its_writer(
    emils: Page, mayas: Page, article: Article
) -> None:
    both_open(article, emils, mayas)
    write_over(editor_of(mayas, "textblock_set-0"), "Nobody", "Two people")
    save(mayas)
    expect(mayas.get_by_text("Saved as revision 2.")).to_be_visible()

    write_over(editor_of(emils, "textblock_set-0"), "Monday", "Tuesday")
    save(emils)
    message = emils.locator(".merged-message")
    expect(message).to_be_in_viewport()
    expect(message).to_contain_text("What Maya Managing saved since you opened the story was merged in.")
    expect(message).to_contain_text("Maya Managing changed paragraph 2 of text 1.")
    expect(message.locator("del", has_text="Nobody")).to_be_visible()
    expect(message.locator("ins", has_text="Two people")).to_be_visible()
    assert barriers(emils, within=".messagelist") == []
    assert texts(article)[0] == FIRST.replace("Monday", "Tuesday").replace("Nobody", "Two people")

    message.get_by_role("link", name="Compare the story as you opened it").click()
    expect(emils.locator(".comparison ins", has_text="Two people")).to_be_visible()


def test_a_paragraph_that_both_changed_is_shown_word_by_word_and_both_are_kept(
    emils: Page, mayas: Page, article: Article
) -> None:
    both_open(article, emils, mayas)
    write_over(editor_of(mayas, "textblock_set-0"), "Monday", "Sunday")
    save(mayas)
    expect(mayas.get_by_text("Saved as revision 2.")).to_be_visible()

    write_over(editor_of(emils, "textblock_set-0"), "Monday", "Tuesday")
    write_over(editor_of(emils, "textblock_set-1"), "Friday", "Thursday")
    save(emils)
    heading = emils.get_by_role("heading", name="Somebody else changed the same places")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    differs = place(emils, "Text 1, paragraph 1")
    expect(differs.get_by_text("Maya Managing made of it")).to_be_visible()
    expect(differs.locator(".theirs ins", has_text="Sunday")).to_be_visible()
    expect(differs.locator(".mine ins", has_text="Tuesday")).to_be_visible()
    expect(differs.locator(".mine del", has_text="Monday")).to_be_visible()
    expect(differs.get_by_label("Mine: what the form below holds")).to_be_checked()
    expect(editor_of(emils, "textblock_set-0")).to_contain_text("Tuesday")
    expect(editor_of(emils, "textblock_set-1")).to_contain_text("Thursday")
    assert latest_revision(article.pk) == 2
    assert barriers(emils, within=".conflicts") == []

    # By the keyboard alone: to the choice, on to both of them, and to the button.
    differs.get_by_label("Mine: what the form below holds").focus()
    emils.keyboard.press("ArrowDown")
    emils.keyboard.press("ArrowDown")
    expect(differs.get_by_label("Both: theirs, then mine")).to_be_checked()
    emils.keyboard.press("Tab")
    expect(emils.get_by_role("button", name="Show me the story with these choices")).to_be_focused()
    emils.keyboard.press("Enter")
    expect(emils.get_by_text("The form below holds the story with these choices.")).to_be_visible()
    expect(editor_of(emils, "textblock_set-0")).to_contain_text("Sunday")
    expect(editor_of(emils, "textblock_set-0")).to_contain_text("Tuesday")
    assert latest_revision(article.pk) == 2

    save(emils)
    expect(emils.get_by_text("Saved as revision 3.")).to_be_visible()
    first = (
        "<p>The council met on Sunday in the old hall.</p><p>The council met on Tuesday in the old hall.</p>"
    )
    assert texts(article) == [
        f"{first}<p>Nobody spoke against the plan.</p>",
        SECOND.replace("Friday", "Thursday"),
    ]
    assert "Sunday" in texts(article, 2)[0]
    names = Revision.objects.filter(article=article).order_by("number").values_list("user_name", flat=True)
    assert list(names) == ["Emil Editor", "Maya Managing", "Emil Editor"]


def test_a_block_that_one_deleted_while_the_other_edited_it_is_asked_about(
    emils: Page, mayas: Page, article: Article
) -> None:
    both_open(article, emils, mayas)
    mayas.locator("#textblock_set-1").get_by_role("button", name="Delete").click()
    save(mayas)
    expect(mayas.get_by_text("Saved as revision 2.")).to_be_visible()

    write_over(editor_of(emils, "textblock_set-1"), "Friday", "Thursday")
    save(emils)
    gone = place(emils, "Text 2")
    expect(gone.get_by_text("They removed it.")).to_be_visible()
    expect(gone.get_by_label("Keep it, as you have it")).to_be_checked()
    save(emils)
    expect(emils.get_by_text("Saved as revision 3.")).to_be_visible()
    assert texts(article) == [FIRST, SECOND.replace("Friday", "Thursday")]
    assert texts(article, 2) == [FIRST]


def test_the_choice_is_theirs_without_any_script_too(
    browser: Browser, live_server: LiveServer, mayas: Page, emil: User, article: Article
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="en-US", java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, live_server, emil)
    plain.goto(f"/admin/stories/article/{article.pk}/change/")
    mayas.goto(f"/admin/stories/article/{article.pk}/change/")
    mayas.get_by_label("Headline:").fill("Council hears no objections")
    save(mayas)
    expect(mayas.get_by_text("Saved as revision 2.")).to_be_visible()

    plain.get_by_label("Headline:").fill("Council hears many objections")
    save(plain)
    place(plain, "Headline").get_by_label("Theirs").check()
    save(plain)
    expect(plain.get_by_text("Nothing changed, so nothing was saved.")).to_be_visible()
    expect(plain.get_by_label("Headline:")).to_have_value("Council hears no objections")
    context.close()

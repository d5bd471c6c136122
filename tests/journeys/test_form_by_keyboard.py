"""A story's form without a mouse: few stops between two texts, blocks and rows that move, save and review by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import NoteKind
from stories.models import Article, User
from stories.models.roles import REPORTER
from stories.queries.story.snapshots import working_snapshot
from tests.browser import barriers, sign_in
from tests.factories import begin, go_live, make_user, minutes, note, quote, request, text, wanted
from tests.journeys.writing import editor_of, write_behind

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STOPS = 5


@pytest.fixture
def article(emil: User) -> Article:
    """Return a live story: a text, a quote, a text; two requests; a published note."""
    article = begin(
        wanted(
            "Corvid answers",
            text("<p>First.</p>"),
            quote("<p>Said.</p>"),
            text("<p>Last.</p>"),
            comment_requests=(request("Corvid Systems"), request("the League")),
            update_notes=(note("A name was misspelt.", NoteKind.TYPO),),
        ),
        user=emil,
    )
    go_live(article, user=emil, at=minutes(5))
    return article


@pytest.fixture
def form(page: Page, live_server: LiveServer, emil: User, article: Article) -> Page:
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_role("toolbar", name="Formatting")).to_have_count(3)
    return page


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.closest('.inline-related')?.id ?? document.activeElement.name")
    )


def words_of(article: Article) -> list[str]:
    return [getattr(block, "text", "") for block in working_snapshot(article).blocks]


def test_a_few_tabs_lead_from_the_dek_to_the_text_and_on_to_the_next(form: Page) -> None:
    form.get_by_label("Dek").focus()
    for block in ("textblock_set-0", "quoteblock_set-0"):
        for _stop in range(MOST_STOPS):
            form.keyboard.press("Tab")
            if form.evaluate("document.activeElement.isContentEditable"):
                break
        assert focused(form) == block
        assert form.evaluate("document.activeElement.isContentEditable")
    form.keyboard.press("Shift+Tab")
    name = "document.activeElement.getAttribute('aria-label')"
    first = form.evaluate(name)
    form.keyboard.press("ArrowRight")
    assert form.evaluate(name) not in (None, first)
    assert (
        form.evaluate("document.activeElement.closest('[role=toolbar]').getAttribute('aria-label')")
        == "Formatting"
    )


def test_blocks_move_fold_and_begin_by_keys(form: Page, article: Article) -> None:
    last = form.locator("#textblock_set-1")
    last.get_by_role("button", name="Move up").press("Enter")
    expect(last.get_by_role("button", name="Move up")).to_be_focused()
    fold = last.get_by_role("button", name="Collapse")
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.press("Enter")

    last.get_by_role("button", name="Add a block above").press("Enter")
    expect(form.locator(".plugin-buttons .plugin-button").first).to_be_focused()
    form.keyboard.press("Enter")
    expect(editor_of(form, "textblock_set-2")).to_be_focused()
    form.keyboard.type("Between.")
    form.keyboard.press("Control+s")
    expect(form.get_by_text("Saved as revision 2.")).to_be_visible()
    assert words_of(article) == ["<p>First.</p>", "<p>Between.</p>", "<p>Last.</p>", "<p>Said.</p>"]


def test_a_new_block_can_go_after_others_have_moved(form: Page, article: Article) -> None:
    """Django renumbers the rows when one is removed: those that were shown must keep their numbers."""
    form.locator(".add-blocks").get_by_text("Text", exact=True).click()
    added = form.locator("#textblock_set-2")
    expect(editor_of(form, "textblock_set-2")).to_be_focused()
    for _ in range(3):
        added.get_by_role("button", name="Move up").click()
    added.get_by_role("button", name="Delete").click()
    expect(added).to_have_count(0)
    form.get_by_label("Headline").fill("Corvid answers at last")
    form.keyboard.press("Control+s")
    expect(form.get_by_text("Saved as revision 2.")).to_be_visible()
    assert words_of(article) == ["<p>First.</p>", "<p>Said.</p>", "<p>Last.</p>"]


def test_requests_change_places_and_readers_would_see_it(form: Page, article: Article) -> None:
    preview = form.locator("#commentrequest_set-group [data-reader-preview]")
    expect(preview).to_contain_text("Corvid Systems and the League")
    form.locator("#commentrequest_set-1").get_by_role("button", name="Move up").press("Enter")
    expect(preview).to_contain_text("the League and Corvid Systems")
    form.locator("#id_commentrequest_set-0-status").select_option("declined")
    expect(preview).to_contain_text("Corvid Systems declined to comment")
    expect(form.locator("#commentrequest_set-group [data-summary]")).to_have_text("1 open")
    form.keyboard.press("Control+s")
    expect(form.get_by_text("Saved as revision 2.")).to_be_visible()
    assert [each.party for each in working_snapshot(article).comment_requests] == [
        "the League",
        "Corvid Systems",
    ]


def test_a_sentence_of_its_own_is_doubted_when_the_state_changes(form: Page, emil: User) -> None:
    row = form.locator("#commentrequest_set-0")
    row.get_by_text("A sentence of its own").click()
    row.get_by_label("Sentence").fill("Corvid has our questions.")
    form.keyboard.press("Control+s")
    expect(form.get_by_text("Saved as revision 2.")).to_be_visible()
    expect(row.locator("[data-stale]")).to_be_hidden()
    row.get_by_label("State").select_option("declined")
    expect(row.get_by_text("The state was changed since this sentence was written.")).to_be_visible()
    row.get_by_label("Sentence").fill("Corvid would not say.")
    expect(row.locator("[data-stale]")).to_be_hidden()


def test_a_published_note_is_amended_by_a_further_one(form: Page, article: Article) -> None:
    form.get_by_role("button", name="Add a note that amends it").press("Enter")
    form.keyboard.type("The name was misspelt twice.")
    expect(form.locator("#updatenote_set-group [data-reader-preview]")).to_contain_text(
        "The name was misspelt twice."
    )
    form.keyboard.press("Control+s")
    expect(form.get_by_text("Saved as revision 2.")).to_be_visible()
    first, second = working_snapshot(article).update_notes
    assert second.amends == first.key


def test_words_are_counted_and_the_review_is_two_keys_away(form: Page) -> None:
    expect(form.get_by_text("Words: 3 · Characters: 16")).to_be_visible()
    editor = editor_of(form, "textblock_set-0")
    write_behind(editor, " And more, don’t you see?")
    expect(form.get_by_text("Words: 8 · Characters: 41")).to_be_visible()
    editor.press("Control+Enter")
    expect(form.get_by_role("heading", name="Review and publish")).to_be_visible()


def test_quotes_show_what_their_case_needs(form: Page) -> None:
    block = form.locator("#quoteblock_set-0")
    expect(block.get_by_label("Speaker:", exact=True)).to_be_visible()
    expect(block.get_by_label("Why they are not named")).to_be_hidden()
    block.get_by_label("Anonymous").check()
    expect(block.get_by_label("Speaker:", exact=True)).to_be_hidden()
    expect(block.get_by_label("Why they are not named")).to_be_visible()
    form.keyboard.press("Control+s")
    expect(block.get_by_text("An anonymous quote carries no name.")).to_be_visible()
    expect(block.get_by_label("Speaker:", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (820, "dark"), (390, "light")])
def test_nothing_stands_in_anybodys_way(form: Page, width: int, scheme: str) -> None:
    form.set_viewport_size({"width": width, "height": 900})
    form.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    form.get_by_role("button", name="Add a block above").first.press("Enter")
    found = barriers(form)
    assert found == [], "\n".join(found)
    assert form.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reporter_offers_for_review(page: Page, live_server: LiveServer, db: None) -> None:
    rosa = make_user(REPORTER)
    article = begin(wanted("A draft of mine"), user=rosa)
    sign_in(page, live_server, rosa)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_role("button", name="Send for review")).to_be_visible()
    expect(page.get_by_role("button", name="Review and publish")).to_have_count(0)
    assert barriers(page) == []

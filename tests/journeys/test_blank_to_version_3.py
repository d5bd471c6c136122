"""The reference story from a blank form to version 3, pasted from a word processor, in one go in the admin."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, Revision, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import barriers, sign_in
from tests.factories import make_author, make_section, minutes
from tests.journeys.conftest import Clock
from tests.journeys.pasted import docs_paragraph, docs_span, from_docs, from_word, paste
from tests.journeys.writing import add_block, editor_of, expect_live, publish, save_and_review, write_over

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/ferrowatt-answers-its-staff/"
OPENING = from_word(
    "Ferrowatt has for the first time answered the staff who object to its sale of face recognition to the "
    "police. They had signed <a href=\"https://example.org/letter\"><span style='color:#0563C1'>an open letter</span>"
    "</a>.",
    "&nbsp;",
    "“We got a sales pitch,” said an employee who asked not to be named <i>for fear of reprisal</i>.",
)
REMARKS = from_docs(
    docs_paragraph(
        docs_span("I recieve your letters, and I read every one of them. Let me be plane ")
        + docs_span("(sic)", "font-style:italic")
        + docs_span(" about what it is. It does not decide whom to arest.")
    )
)
DIRECTOR = from_word(
    "No safeguard is worth the name when the same machine told both pairs of eyes where to look."
)
TYPOS = "Ferrowatt published its official transcript. We fixed typographical errors in our quotation."
COMMENT_ADDED = "A comment from the Open Streets League was added."


def write_it(page: Page) -> None:
    page.goto("/admin/stories/article/add/")
    expect(page.get_by_label("Headline")).to_be_focused()
    page.keyboard.type("Ferrowatt answers its staff")
    page.get_by_label("Dek").fill("A first public answer, and a garbled one.")
    paste(editor_of(page, "textblock_set-0"), OPENING)
    quotation = add_block(page, "Quote", "quoteblock_set-0")
    expect(quotation).to_be_focused()
    paste(quotation, REMARKS)
    page.locator("#id_quoteblock_set-0-speaker").fill("Dana Whitlock")
    page.locator("#quoteblock_set-0").get_by_text("Where and when it was said").click()
    page.locator("#id_quoteblock_set-0-source").fill("a garbled transcript")
    page.get_by_label("Section").select_option("technology")
    page.get_by_label("Disclosure").fill("We may earn a commission.")
    page.get_by_text("Bylines", exact=True).click()
    page.get_by_text("Add a byline").click()
    page.locator("#byline_set-0 .select2-selection").click()
    page.locator(".select2-search__field").fill("Ines")
    page.locator(".select2-results__option", has_text="Ines Calder").click()
    ask_for_comment(page)


def ask_for_comment(page: Page) -> None:
    page.get_by_text("Comment requests", exact=True).click()
    for number, party in enumerate(("Ferrowatt", "the Open Streets League")):
        page.get_by_text("Add a request for comment").click()
        page.locator(f"#id_commentrequest_set-{number}-party").fill(party)
    preview = page.locator("#commentrequest_set-group [data-reader-preview]")
    expect(preview).to_contain_text("to Ferrowatt and the Open Streets League for comment")


def publish_for_the_first_time(page: Page) -> None:
    save_and_review(page)
    expect(page.get_by_role("heading", name="The first publication of this story")).to_be_visible()
    publish(page)
    page.get_by_label("I have looked: the requests are as the page says").check()
    publish(page)
    expect_live(page, 1)


def fix_the_quotation(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_text("Version 1 is live")).to_be_visible()
    remarks = editor_of(page, "quoteblock_set-0")
    write_over(remarks, "recieve", "receive")
    write_over(remarks, "plane", "plain")
    write_over(remarks, "arest", "arrest")
    page.locator("#id_quoteblock_set-0-source").fill("Ferrowatt’s official transcript")
    save_and_review(page)
    expect(page.get_by_label("Typo fixed")).to_be_disabled()
    page.get_by_label("News since", exact=True).check()
    expect(page.get_by_label("Update: there is news since")).to_be_checked()
    page.get_by_label("Note to readers").fill(TYPOS)
    publish(page)
    expect_live(page, 3)


def add_the_answer(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_text("Version 2 is live")).to_be_visible()
    paste(add_block(page, "Quote", "quoteblock_set-1"), DIRECTOR)
    page.locator("#id_quoteblock_set-1-speaker").fill("Miriam Okafor")
    page.locator("#id_quoteblock_set-1-speaker_title").fill("director of the Open Streets League")
    page.locator("#id_commentrequest_set-1-status").select_option("received")
    page.locator("#id_commentrequest_set-1-responded_at_0").fill("2026-03-02")
    page.locator("#id_commentrequest_set-1-responded_at_1").fill("09:25:00")
    preview = page.locator("#commentrequest_set-group [data-reader-preview]")
    expect(preview).not_to_contain_text("Open Streets League")
    expect(preview).to_contain_text("Ferrowatt")
    save_and_review(page)
    expect(page.get_by_label("Note to readers")).to_have_value(COMMENT_ADDED)
    publish(page)
    expect_live(page, 5)


def test_the_reference_story_from_a_blank_form_to_version_3(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User
) -> None:
    make_section()
    make_author()
    sign_in(page, live_server, emil)
    clock.now = minutes(10)
    write_it(page)
    found = barriers(page)
    assert found == [], "\n".join(found)
    publish_for_the_first_time(page)
    reader.goto(STORY)
    expect(reader.get_by_text("for fear of reprisal")).to_be_visible()
    expect(reader.get_by_text("reached out to Ferrowatt and the Open Streets League")).to_be_visible()

    clock.now = minutes(20)
    fix_the_quotation(page)
    clock.now = minutes(30)
    add_the_answer(page)

    reader.reload()
    expect(reader.get_by_text("I receive your letters")).to_be_visible()
    expect(reader.get_by_text("told both pairs of eyes where to look")).to_be_visible()
    expect(reader.get_by_role("region", name="Updates").get_by_role("listitem")).to_have_count(2)
    article = Article.objects.get()
    words = [getattr(block, "text", "") for block in working_snapshot(article).blocks]
    assert words[0].count("<p>") == 2
    assert 'href="https://example.org/letter"' in words[0]
    assert "<em>for fear of reprisal</em>" in words[0]
    assert words[1] == (
        "<p>I receive your letters, and I read every one of them. Let me be plain <em>(sic)</em> about what it is. "
        "It does not decide whom to arrest.</p>"
    )
    assert not any(junk in "".join(words) for junk in ("Mso", "style", "span", "o:p", "&nbsp;"))
    assert Revision.objects.filter(article=article).count() == 5

"""What is pasted into a story from a word processor comes out clean."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import sign_in
from tests.factories import begin, quote, text, wanted
from tests.journeys.pasted import docs_paragraph, docs_span, from_docs, from_word, paste, word_item
from tests.journeys.writing import editor_of

pytestmark = pytest.mark.django_db(transaction=True)

NBSP = "\u00a0"
REDIRECT = "https://www.google.com/url?q=https://example.org/letter?a%3D1&amp;sa=D&amp;source=editors&amp;ust=1&amp;usg=AOv"

WORD = {
    "paragraphs with bold and italic": (
        from_word(
            "Corvid Systems <b style='mso-bidi-font-weight:normal'>has answered</b>&nbsp; its staff, “plainly”.",
            "&nbsp;",
            "It is a <i style='mso-bidi-font-style:normal'>tool</i>,\nsaid the head of sales.",
        ),
        (
            "<p>Corvid Systems <strong>has answered</strong> its staff, “plainly”.</p>"
            "<p>It is a <em>tool</em>, said the head of sales.</p>"
        ),
    ),
    "lists as lists, one in another": (
        from_word("Three points:", word_item("First"), word_item("Nested", "o", 2), word_item("Second")),
        "<p>Three points:</p><ul><li><p>First</p><ul><li><p>Nested</p></li></ul></li><li><p>Second</p></li></ul>",
    ),
    "numbered lists": (
        from_word(word_item("One", "1."), word_item("Two", "2.")),
        '<ol data-type="decimal"><li><p>One</p></li><li><p>Two</p></li></ol>',
    ),
    "headings below the headline": (
        from_word("<h1><span lang=EN-GB>A letter<o:p></o:p></span></h1>", "It was sent in August."),
        "<h2>A letter</h2><p>It was sent in August.</p>",
    ),
    "links that lead somewhere": (
        from_word(
            "<a href=\"https://example.org/letter\"><span style='color:#0563C1'>the letter</span></a> and "
            '<a href="#_ftn1" name="_ftnref1" style=\'mso-footnote-id:ftn1\'>a note</a>'
        ),
        '<p><a href="https://example.org/letter">the letter</a> and a note</p>',
    ),
    "a table": (
        from_word(
            "<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr "
            "style='mso-yfti-irow:0'><td width=301 valign=top style='width:225.4pt'><p class=MsoNormal>County"
            "<o:p></o:p></p></td><td><p class=MsoNormal>1,900<o:p></o:p></p></td></tr></table>"
        ),
        "<table><tbody><tr><td><p>County</p></td><td><p>1,900</p></td></tr></tbody></table>",
    ),
    "no comments, no deleted words": (
        from_word(
            "Kept<del cite='mailto:Emil' datetime='2026-03-01'> and struck</del><ins cite='mailto:Emil'> and new</ins>."
            "<span class=MsoCommentReference><a href='#_msocom_1'>[EO1]</a></span>"
        ),
        "<p>Kept and new.</p>",
    ),
    "hard spaces where somebody set them": (
        from_word(f"96{NBSP}000 dollars{NBSP}a{NBSP}{NBSP}year"),
        f"<p>96{NBSP}000 dollars a year</p>".replace(NBSP, "&nbsp;"),
    ),
}
DOCS = {
    "paragraphs, none of them bold": (
        from_docs(
            docs_paragraph(
                docs_span("The county ") + docs_span("signed", "font-weight:700") + docs_span(" in spring.")
            ),
            docs_paragraph(
                docs_span("It said ", "font-weight:400") + docs_span("no", "font-style:italic") + "."
            ),
        ),
        "<p>The county <strong>signed</strong> in spring.</p><p>It said <em>no</em>.</p>",
    ),
    "links without the way round": (
        from_docs(
            docs_paragraph(
                f'<a href="{REDIRECT}" style="text-decoration:none;">'
                + docs_span("the letter", "color:#1155cc")
                + "</a>"
            )
        ),
        '<p><a href="https://example.org/letter?a=1">the letter</a></p>',
    ),
    "lists, one in another": (
        from_docs(
            '<ul style="margin-top:0"><li dir="ltr" aria-level="1"><p role="presentation">'
            + docs_span("First")
            + '</p></li><ul><li dir="ltr" aria-level="2"><p role="presentation">'
            + docs_span("Nested")
            + "</p></li></ul></ul>"
        ),
        "<ul><li><p>First</p><ul><li><p>Nested</p></li></ul></li></ul>",
    ),
    "headings": (
        from_docs(f'<h2 dir="ltr">{docs_span("A letter", "font-weight:700")}</h2>', "It was sent."),
        "<h2>A letter</h2><p>It was sent.</p>",
    ),
}
MAILS = {
    "two breaks are a paragraph's end": (
        "<div>We hear you.<br><br>We will answer.<br></div><div><br></div><div>Regards</div>",
        "<p>We hear you.</p><p>We will answer.</p><p>Regards</p>",
    ),
    "nothing that runs or is hidden": (
        (
            '<p onclick="x()">Words<script>alert(1)</script><span style="display:none">secret</span></p>'
            '<img src="https://example.org/pixel.gif">'
        ),
        "<p>Words</p>",
    ),
}
ALL = WORD | DOCS | MAILS


@pytest.fixture
def form(page: Page, live_server: LiveServer, emil: User) -> Page:
    """A story of one text and one quote, open in its form."""
    article = begin(wanted("Corvid answers", text("<p>x</p>"), quote("<p>x</p>")), user=emil)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(editor_of(page, "textblock_set-0")).to_be_visible()
    return page


def test_what_is_pasted_comes_out_clean(form: Page) -> None:
    editor = editor_of(form, "textblock_set-0")
    held = form.locator("#id_textblock_set-0-text")
    for name, (html, clean) in ALL.items():
        editor.press("Control+a")
        paste(editor, html)
        assert held.input_value() == clean, name


def test_a_quote_takes_no_headings(form: Page) -> None:
    editor = editor_of(form, "quoteblock_set-0")
    editor.press("Control+a")
    paste(editor, WORD["headings below the headline"][0])
    assert form.locator("#id_quoteblock_set-0-text").input_value() == (
        "<p>A letter</p><p>It was sent in August.</p>"
    )


# Keys that come faster than the editor follows are lost: the cursor is put there, and the editor heard.
_BETWEEN_THE_SPACES = """(editor) => {
  const text = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT).nextNode();
  const heard = new Promise((done) => document.addEventListener("selectionchange", done, { once: true }));
  document.getSelection().setBaseAndExtent(text, 3, text, 3);
  return heard.then(() => null);
}"""


def test_words_pasted_into_a_sentence_stay_in_it(form: Page) -> None:
    editor = editor_of(form, "textblock_set-0")
    editor.press("Control+a")
    editor.press_sequentially("It  so.")
    editor.evaluate(_BETWEEN_THE_SPACES)
    paste(editor, from_word("said"))
    assert form.locator("#id_textblock_set-0-text").input_value() == "<p>It said so.</p>"

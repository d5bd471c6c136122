"""What is pasted into a story from a word processor comes out clean."""

from __future__ import annotations

import re
from random import Random

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests.browser import sign_in
from tests.factories import begin, quote, text, wanted
from tests.journeys.pasted import docs_paragraph, docs_span, from_docs, from_word, paste, word_item
from tests.journeys.writing import editor_of

pytestmark = pytest.mark.django_db(transaction=True)

NBSP = "\u00a0"
REDIRECT = "https://www.google.com/url?q=https://example.org/letter?a%3D1&amp;sa=D&amp;source=editors&amp;ust=1&amp;usg=AOv"


def _numbered(*items: str) -> str:
    return f'<ol data-type="decimal">{"".join(f"<li><p>{item}</p></li>" for item in items)}</ol>'


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
NARROW, THIN = "\u202f", "\u2009"
MORE_WORD = {
    "a list that goes on behind a paragraph": (
        from_word(
            word_item("One", "1."),
            word_item("Two", "2."),
            "Between.",
            word_item("Three", "3."),
            word_item("Four", "4."),
        ),
        (
            f"{_numbered('One', 'Two')}<p>Between.</p>"
            '<ol start="3" data-type="decimal"><li><p>Three</p></li><li><p>Four</p></li></ol>'
        ),
    ),
    "letters, Roman and other scripts' numbers": (
        from_word(
            word_item("a", "a)"),
            "-",
            word_item("b", "iv."),
            "-",
            word_item("c", "١."),
            "-",
            word_item("d", "三、"),
        ),
        (
            '<ol type="a" data-type="lower-alpha"><li><p>a</p></li></ol><p>-</p>'
            '<ol start="4" type="i" data-type="lower-roman"><li><p>b</p></li></ol><p>-</p>'
            f'{_numbered("c")}<p>-</p><ol start="3" data-type="decimal"><li><p>d</p></li></ol>'
        ),
    ),
    "a list told by its bullets alone": (
        from_word(
            "<p class=MsoListParagraph style='margin-left:36.0pt'>·&nbsp;&nbsp;&nbsp;First</p>",
            "<p class=MsoListParagraph style='margin-left:72.0pt'>o&nbsp;&nbsp;&nbsp;Nested</p>",
            "<p class=MsoListParagraph style='margin-left:36.0pt'>·&nbsp;&nbsp;&nbsp;Second</p>",
        ),
        "<ul><li><p>First</p><ul><li><p>Nested</p></li></ul></li><li><p>Second</p></li></ul>",
    ),
    "bold by a style sheet, smart tags, footnotes": (
        (
            "<html><head><meta name=Generator content='Microsoft Word 15'><style><!-- span.Strong1 {font-weight:bold;} "
            "span.MsoFootnoteReference {vertical-align:super;} --></style></head><body><p class=MsoNormal>"
            "<st1:City w:st='on'>Madrid</st1:City> <span class=Strong1>says</span>"
            "<a style='mso-footnote-id:ftn1' href='#_ftn1'><span class=MsoFootnoteReference><![if !supportFootnotes]>"
            "[1]<![endif]></span></a>.<o:p></o:p></p><div style='mso-element:footnote-list'><div style='mso-element:"
            "footnote' id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a> A "
            "note.</p></div></div></body></html>"
        ),
        "<p>Madrid <strong>says</strong><sup>[1]</sup>.</p><p>[1] A note.</p>",
    ),
    "tracked changes": (
        from_word("Kept<span class=msoDel><del datetime='2026-03-01'> gone</del></span><ins> new</ins>."),
        "<p>Kept new.</p>",
    ),
    "lists of Word in a browser": (
        "".join(
            f'<div class="ListContainerWrapper SCXW1"><{kind} start="{start}"><li '
            f'data-aria-level="{level}"><p><span>{words}</span>'
            f'<span class="EOP">&nbsp;</span></p></li></{kind}></div>'
            for kind, start, level, words in (("ul", 1, 1, "A"), ("ul", 1, 2, "B"), ("ul", 1, 1, "C"))
        ),
        "<ul><li><p>A</p><ul><li><p>B</p></li></ul></li><li><p>C</p></li></ul>",
    ),
}
LIBRE = {
    "paragraphs of fonts": (
        (
            '<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/><style type="text/css">'
            "p { line-height: 115%; margin-bottom: 0.25cm } p.strong { font-weight: bold }</style></head>"
            '<body lang="en-GB" dir="ltr"><p style="margin-bottom: 0cm"><font face="Liberation Serif, serif">'
            '<font size="3" style="font-size: 12pt">The county <b>signed</b> <i>in spring</i>, '
            '<span style="font-weight: normal"><u>on <sdfield type=DATETIME sdval="1">1 '
            "March</sdfield></u></span>.</font>"
            '</font></p>\n<p class="strong">All <span style="font-weight: normal">but this</span></p></body></html>'
        ),
        (
            "<p>The county <strong>signed</strong> <em>in spring</em>, on 1 March.</p>"
            "<p><strong>All </strong>but this</p>"
        ),
    ),
    "footnotes and lists": (
        (
            '<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/></head><body>'
            '<p>Words<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></sup>'
            '<del title="Emil">gone</del></p><ol start="3" type="a"><li><p>Three</p></li><li><p>Four</p></li></ol>'
            '<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" href="#x">1</a>A '
            "note</p></div></body></html>"
        ),
        (
            '<p>Words<sup>1</sup></p><ol start="3" type="a" data-type="lower-alpha"><li><p>Three</p></li>'
            "<li><p>Four</p></li></ol><p>1 A note</p>"
        ),
    ),
}
PAGES = {
    "Apple's notes and pages": (
        (
            '<html><head><meta name="Generator" content="Cocoa HTML Writer"><style type="text/css">p.p1 {margin: '
            "0.0px; "
            "font: 12.0px Helvetica} span.s1 {font-weight: bold} p.p2 {font: bold 14.0px "
            "Helvetica}</style></head><body>"
            '<p class="p2">Head</p><p class="p1">It <span class="s1">was</span><span '
            'class="Apple-converted-space">&nbsp;'
            '</span>so.</p><p class="p1"><br></p><ul class="ul1"><li class="li1"><span class="s2"></span>One</li></ul>'
            "</body></html>"
        ),
        "<p><strong>Head</strong></p><p>It <strong>was</strong> so.</p><ul><li><p>One</p></li></ul>",
    ),
    "quotation marks": (
        "<p>She said <q>We <q>knew</q></q> twice.</p>",
        "<p>She said “We ‘knew’” twice.</p>",
    ),
    "spaces that somebody chose": (
        f"<p>10{NARROW}000{NBSP}€, Non{NARROW}! 5{THIN}km, M.{NBSP}Roy, a\u3000b</p>",
        f"<p>10{NARROW}000{NBSP}€, Non{NARROW}! 5{THIN}km, M.{NBSP}Roy, a\u3000b</p>".replace(NBSP, "&nbsp;"),
    ),
    "words written the other way": (
        '<p dir="ltr">The minister said:</p><p dir="rtl" lang="ar">قال (نعم) 2024!</p><p>a <bdi>نعم</bdi> b</p>',
        (
            '<p dir="ltr">The minister said:</p><p lang="ar" dir="rtl">قال (نعم) 2024!</p>'
            '<p>a <span dir="auto">نعم</span> b</p>'
        ),
    ),
    "terms, summaries, captions, formulas, readings": (
        (
            "<dl><dt>Term</dt><dd>Meaning</dd></dl><details><summary>More</summary>of it</details>"
            "<table><caption>Table</caption><tr><th "
            "scope=col>County</th></tr><tfoot><tr><td>9</td></tr></tfoot></table>"
            "<figure><img "
            "src=/a.png><figcaption>Below</figcaption></figure><p>10<math><msup><mn>10</mn><mn>6</mn></msup>"
            "</math> <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> one<wbr>two <button>Press</button></p>"
        ),
        (
            "<p>Term</p><p>Meaning</p><p>More</p><p>of it</p><p>Table</p><table><tbody><tr><th "
            'scope="col"><p>County</p>'
            "</th></tr><tr><td><p>9</p></td></tr></tbody></table><p>Below</p>"
            "<p>1010<sup>6</sup> 漢(かん) onetwo Press</p>"
        ),
    ),
    "lists with numbers of their own": (
        '<ol><li>One<li value="5">Five<li>Six</ol><ol reversed start="2"><li>b<li>a</ol>',
        (
            f'{_numbered("One")}<ol start="5" data-type="decimal"><li><p>Five</p></li><li><p>Six</p></li></ol>'
            '<ol reversed="" start="2" data-type="decimal"><li><p>b</p></li><li><p>a</p></li></ol>'
        ),
    ),
    "words that a picture or a field parts": (
        (
            '<p>one<img src="/a.png">two <input value="x">three<select><option>o</select>four'
            '<img src="/p.gif" width="1" height="1">five</p>'
        ),
        "<p>one two three fourfive</p>",
    ),
    "pictures of emoji": (
        (
            '<p>Yes<img class="emoji" alt="👍" src="/1.svg"> or <img alt="🇪🇸" src="/2.png">'
            '<img alt="1" src="/3.png">.</p>'
        ),
        "<p>Yes👍 or 🇪🇸 .</p>",
    ),
    "the foot of a table, wherever it is written": (
        "<table><tfoot><tr><td>Sum</table><table><tfoot><tr><td>Sum</tfoot><tbody><tr><td>One</table>",
        (
            "<table><tbody><tr><td><p>Sum</p></td></tr></tbody></table>"
            "<table><tbody><tr><td><p>One</p></td></tr><tr><td><p>Sum</p></td></tr></tbody></table>"
        ),
    ),
    "numbers of items without words": (
        (
            '<ol><li>One<li><img src="/a.png"><li>Three<li>Four</ol><p>-</p><ol><li> <li>Two</ol><p>-</p>'
            "<ol reversed><li>Three<li><li>One</ol>"
        ),
        (
            f'{_numbered("One")}<ol start="3" data-type="decimal"><li><p>Three</p></li><li><p>Four</p></li></ol>'
            '<p>-</p><ol start="2" data-type="decimal"><li><p>Two</p></li></ol><p>-</p>'
            '<ol reversed="" start="3" data-type="decimal"><li><p>Three</p></li></ol>'
            '<ol reversed="" data-type="decimal"><li><p>One</p></li></ol>'
        ),
    ),
    "what browsers display only on demand, or never": (
        "<p>a</p><dialog>b</dialog><dialog open>c</dialog><noembed>d</noembed><noframes>e</noframes>",
        "<p>a</p><p>c</p>",
    ),
    "nothing hidden": (
        '<p>a<span style="display: none">b</span><span hidden>c</span><i style="visibility:hidden">d</i>e</p>',
        "<p>ae</p>",
    ),
}
ALL = WORD | DOCS | MAILS | MORE_WORD | LIBRE | PAGES


@pytest.fixture
def form(page: Page, live_server: LiveServer, emil: User) -> Page:
    """Open the form of a story with one text and one quote."""
    article = begin(wanted("Corvid answers", text("<p>x</p>"), quote("<p>x</p>")), user=emil)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(editor_of(page, "textblock_set-0")).to_be_visible()
    return page


def in_order(html: str) -> str:
    """Return HTML with each element's attributes in order, since the editor's order varies."""

    def sort(tag: re.Match[str]) -> str:
        attributes = sorted(re.findall(r'[\w-]+="[^"]*"', tag[2]))
        return f"<{' '.join([tag[1], *attributes])}>"

    return re.sub(r"<(\w+) ([^<>]+)>", sort, html)


@pytest.mark.browser_refuses("Executing inline event handler violates")
def test_what_is_pasted_comes_out_clean(form: Page) -> None:
    editor = editor_of(form, "textblock_set-0")
    textarea = form.locator("#id_textblock_set-0-text")
    came_out: dict[str, str] = {}
    for name, (html, _clean) in ALL.items():
        editor.press("Control+a")
        paste(editor, html)
        came_out[name] = in_order(textarea.input_value())
    assert came_out == {name: in_order(clean) for name, (_html, clean) in ALL.items()}


# Each makes HTML around a word, which readers see or don't.
SEEN = (
    "<p>{}</p>|<div>{}</div>|<h1>{}</h1>|<ul><li>{}</ul>|<table><tr><td>{}</table>|<blockquote>{}</blockquote>|{}<br>|"
    "<pre>{}</pre>|<details><summary>{}</summary>x</details>|<dl><dt>{}<dd>x</dl>|<q>{}</q>|<ruby>{}<rt>x</rt></ruby>|"
    "<p><bdo dir=rtl>{}</bdo></p>|<a href='#n'>{}</a>|<a href='https://e.org/'>{}</a>|<section>{}</section>|"
    "<figure><img src=/a.png><figcaption>{}</figcaption></figure>|<table><caption>{}</caption><tr><td>x</table>|"
    "<center>{}</center>|<font>{}</font>|<x-y>{}</x-y>|<o:p>{}</o:p>|<ins>{}</ins>|<mark>{}</mark>|<button>{}</button>|"
    "<math><mi>{}</mi></math>|<b style='font-weight:400'>{}</b>|<address>{}</address>|<kbd>{}</kbd>|<hr>{}|"
    "<div>{}<p>x</p></div>|<div><p>x</p>{}</div>|<li>{}</li>|<fieldset><legend>{}</legend></fieldset>|<s>{}</s>|"
    "<table><tfoot><tr><td>{}</table>|<p class=MsoListParagraph>1.&nbsp;&nbsp; {}</p>|<td>{}</td>|<sdfield>{}</sdfield>"
).split("|")
UNSEEN = (
    "<script>{}</script>|<style>{}</style>|<p hidden>{}</p>|<span style='display: none'>{}</span>|<!--{}-->|"
    "<template>{}</template>|<span style='mso-hide:all'>{}</span>|<textarea>{}</textarea>"
).split("|")


def test_the_words_that_were_seen_are_the_words_that_come_in(form: Page) -> None:
    editor = editor_of(form, "textblock_set-0")
    textarea = form.locator("#id_textblock_set-0-text")
    chance = Random(13)
    for _page in range(60):
        chosen = [chance.choice(SEEN + UNSEEN) for _piece in range(8)]
        html = "".join(
            piece.replace("{}", f"w{number}w") + chance.choice(("", " ", "\n"))
            for number, piece in enumerate(chosen)
        )
        editor.press("Control+a")
        paste(editor, html)
        found = textarea.input_value()
        words = [number for number, piece in enumerate(chosen) if piece in SEEN]
        assert [number for number in range(8) if f"w{number}w" in found] == words, html


def test_what_was_left_out_is_reported_with_what_to_do(form: Page) -> None:
    editor = editor_of(form, "textblock_set-0")
    message = form.locator("#textblock_set-0 .left-out")
    paste(
        editor,
        '<p>Words<img src="/a.png"><img src="/p.gif" width="1" height="1"></p><video></video><p>more</p>',
    )
    expect(message).to_have_text(
        "Pictures, films and frames that were left out of what you pasted: 2. Add each as a block of its own."
    )
    paste(editor, "<p>Words alone</p>")
    expect(message).to_have_count(0)


def test_what_an_import_brought_besides_words_survives_an_edit(form: Page) -> None:
    textarea = form.locator("#id_textblock_set-0-text")
    editor = editor_of(form, "textblock_set-0")
    brought = (
        '<p lang="ar" dir="rtl" id="fn1">قال</p><p>a <span lang="fr">mot</span> <a href="#fn1">1</a></p>'
        '<ol start="3" reversed="" data-type="decimal"><li><p>b</p></li></ol>'
        '<table><tbody><tr><th colspan="1" scope="col"><p>c</p></th></tr></tbody></table>'
    )
    editor.evaluate("(editor, html) => editor.editor.commands.setContent(html, {emitUpdate: true})", brought)
    editor.press("End")
    written = textarea.input_value()
    for attribute in (
        'dir="rtl"',
        'lang="ar"',
        'id="fn1"',
        '<span lang="fr">mot</span>',
        'href="#fn1"',
        'start="3"',
        "reversed",
        'scope="col"',
    ):
        assert attribute in written, attribute


def test_a_quote_takes_no_headings(form: Page) -> None:
    editor = editor_of(form, "quoteblock_set-0")
    editor.press("Control+a")
    paste(editor, WORD["headings below the headline"][0])
    assert form.locator("#id_quoteblock_set-0-text").input_value() == (
        "<p>A letter</p><p>It was sent in August.</p>"
    )


# Keys that come too fast for the editor are lost: the cursor is set, and the editor notified.
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

"""Pasted text is reduced to what the editor can make, and a bomb is refused quickly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st

import stories
from stories.domain.text.anchors import is_anchor
from stories.models.rich_text import MAX_CHARACTERS, sanitize_quote, sanitize_text

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<p onclick=alert(1)>x</p>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=//evil.example><input></form>",
]


HARM = ("<script", "onerror=", "onclick=", "javascript:", "data:text", "<iframe", "<style", "<svg", "<form")
TAGS = ("<p>", "</p>", "<b>", "<em>", "</em>", "<a href=x>", "&", "&lt;", "x", "<", ">", "<ul>", "<li>")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_gets_through(attack: str) -> None:
    for sanitize in (sanitize_text, sanitize_quote):
        clean = sanitize(f"<p>before</p>{attack}<p>after</p>")
        for harm in (
            "<script",
            "onerror=",
            "onclick=",
            "javascript:",
            "data:text",
            "<iframe",
            "<style",
            "<svg",
            "<form",
        ):
            assert harm not in clean.lower()
        assert "before" in clean


def test_what_the_editor_can_make_stays() -> None:
    html = (
        "<h2>Head</h2><p>One <strong>two</strong> <em>three</em> "
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener">four</a></p><ul><li><p>five</p></li></ul>'
        '<table><tbody><tr><th colspan="2"><p>six</p></th></tr></tbody></table>'
        "<hr><blockquote><p>seven</p></blockquote>"
    )
    assert sanitize_text(html) == html


def test_a_quote_holds_paragraphs_and_no_tables_or_headings() -> None:
    assert (
        sanitize_quote("<h2>Head</h2><p>Words</p><table><tr><td>x</td></tr></table>") == "Head<p>Words</p>x"
    )


def test_an_empty_editor_is_an_empty_text() -> None:
    assert sanitize_text("<p></p>") == sanitize_text(" <p> </p>\n") == ""


@given(st.text(max_size=300) | st.lists(st.sampled_from(TAGS)).map(" ".join))
def test_sanitising_twice_is_sanitising_once(html: str) -> None:
    once = sanitize_text(html)
    assert sanitize_text(once) == once


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 100_000, "<b>" * 61, "<i></x>" * 61, "x" * (MAX_CHARACTERS + 1)],
)
def test_a_bomb_is_refused_with_a_sentence(bomb: str) -> None:
    with pytest.raises(ValidationError, match=r"more than 60 deep|may hold 1,000,000"):
        sanitize_text(bomb)


@pytest.mark.parametrize(
    "html",
    [
        '<p dir="rtl" lang="ar">a</p>',
        '<p>a <span lang="fr" dir="auto">b</span></p>',
        '<h2 id="fn:1">a</h2>',
        '<ol start="3" reversed=""><li><p>a</p></li></ol>',
        '<table><tbody><tr><th scope="col"><p>a</p></th></tr></tbody></table>',
    ],
)
def test_what_a_text_says_besides_its_words_stays(html: str) -> None:
    assert sanitize_text(html) == html


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p dir="up" lang="x y">a</p>', "<p>a</p>"),
        ('<p id="content">a</p><p id="note-1">b</p><p id="a b">c</p>', "<p>a</p><p>b</p><p>c</p>"),
        ('<p>a <a id="x" href="/y">b</a></p>', '<p>a <a href="/y">b</a></p>'),
        ('<p><span>a <span lang="fr">b</span> c</span></p>', '<p>a <span lang="fr">b</span> c</p>'),
        ('<p><span lang="fr">a <span style="x">b</span></span></p>', '<p><span lang="fr">a b</span></p>'),
        ('<ol start="x"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ("<p>one\x0btwo&#11;three\x0cfour\u2028five\x01</p>", "<p>one two three four five</p>"),
    ],
)
def test_what_no_page_understands_goes(html: str, clean: str) -> None:
    assert sanitize_text(html) == clean


def test_no_paragraph_takes_the_name_of_a_part_of_the_readers_pages() -> None:
    templates = Path(stories.__file__).parents[1] / "templates"
    names = {
        re.sub(r"{{.*?}}", "x", name)
        for path in (templates / "base.html", *(templates / "stories").rglob("*.html"))
        if not {"audit", "dossier"} & set(path.parts)
        for name in re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8"))
        if "{%" not in name
    }
    taken = {name for name in names if name and is_anchor(name)}
    assert not taken

"""What people paste comes out as what the editor can make, and a bomb is refused in a moment."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st

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

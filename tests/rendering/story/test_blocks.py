from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from stories.domain.snapshot import ImageBlock
from stories.rendering.story.blocks import render_block
from tests.factories import embed, quote, text
from tests.rendering.markup import faults, visible


def test_running_text_is_displayed_as_it_was_written() -> None:
    html = render_block(text('<p>See the <a href="https://example.org/">report</a> &amp; more.</p>'))
    assert '<p>See the <a href="https://example.org/">report</a> &amp; more.</p>' in html


def test_a_quote_names_its_speaker_and_where_the_words_are_from() -> None:
    html = render_block(
        quote(
            "<p>We hear you.</p>",
            speaker="Dana <Whitlock>",
            speaker_title="head of cloud",
            source="transcript",
            source_url="https://example.org/t",
            said_on=date(2026, 3, 2),
        )
    )
    assert "<blockquote" in html
    assert '<a class="source" href="https://example.org/t"' in html
    assert "Dana <Whitlock> head of cloud March 2, 2026 transcript" in visible(html)
    assert "<Whitlock>" not in html
    assert not faults(html)


def test_an_anonymous_quote_says_who_it_is_and_why_they_are_not_named() -> None:
    html = render_block(
        quote(speaker="", anonymous=True, description="an employee", anonymity_reason="for fear of reprisal")
    )
    assert "an employee" in visible(html)
    assert "not named: for fear of reprisal" in visible(html)


def test_a_picture_offers_its_sizes_and_reserves_its_place() -> None:
    digest = "a" * 64
    html = render_block(
        ImageBlock(
            key=uuid4(),
            picture=digest,
            width=1000,
            height=500,
            alt_text='Fog "thick"',
            caption="<b>",
            credit="A. L.",
        )
    )
    for width in (320, 640, 960, 1000):
        assert f"/pictures/{digest}/{width} {width}w" in html
    assert "1280w" not in html
    assert 'width="1000"' in html
    assert 'height="500"' in html
    assert 'alt="Fog &quot;thick&quot;"' in html
    assert "&lt;b&gt;" in html


def test_a_picture_that_is_not_here_says_so_and_what_it_shows() -> None:
    html = render_block(
        ImageBlock(
            key=uuid4(), address="https://elsewhere.example/x.jpg", alt_text="A pier", caption="The pier."
        )
    )
    assert "<img" not in html
    assert "elsewhere.example" not in html, "a reader's browser must not be sent there"
    assert visible(html) == "This picture is not kept here. It shows: A pier The pier."


@pytest.mark.parametrize("address", ["about:invalid", "javascript:alert(1)", "data:image/png;base64,AA=="])
def test_a_picture_whose_address_is_none_of_the_webs_is_neither_loaded_nor_linked(address: str) -> None:
    html = render_block(ImageBlock(key=uuid4(), address=address, alt_text="A pier"))
    assert address not in html
    assert "src=" not in html
    assert "href=" not in html
    assert visible(html) == "This picture is not kept here. It shows: A pier"


def test_a_link_card_loads_nothing() -> None:
    html = render_block(embed("https://www.example.org/video?a=1&b=2", title="The video"))
    assert '<a href="https://www.example.org/video?a=1&amp;b=2"' in html
    assert "www.example.org" in visible(html)
    assert "<iframe" not in html
    assert "<script" not in html


def test_a_caption_shows_its_links_and_lines_and_nothing_else_as_markup() -> None:
    block = ImageBlock(
        key=uuid4(),
        address="https://example.org/a.jpg",
        caption='From the [harbour "report"](https://example.org/report?a=1&b=2) by <b>.\nCC [BY] [x](javascript:y)',
    )
    html = render_block(block)
    assert (
        'From the <a href="https://example.org/report?a=1&amp;b=2" rel="noopener">harbour "report"</a>'
        " by &lt;b&gt;.<br>CC [BY] [x](javascript:y)"
    ) in html
    assert not faults(html)

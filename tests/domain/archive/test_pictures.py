"""A picture is the one that readers saw once their page had loaded, with its caption."""

from __future__ import annotations

import pytest

from stories.domain.archive.body import parse_body
from stories.domain.archive.pieces import EmbedPiece, ImagePiece, TextPiece

DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
PNG_DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
EMPTY_SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'%3E%3C/svg%3E"


def pieces(html: str) -> list[object]:
    return list(parse_body(html).pieces)


@pytest.mark.parametrize(
    "placeholder", [DOT, PNG_DOT, EMPTY_SVG, "/img/blank.gif", "/a/lazy-placeholder.png?v=1", ""]
)
@pytest.mark.parametrize(
    "real",
    [
        'data-src="/real.jpg"',
        'data-lazy-src="/real.jpg"',
        'data-original="/real.jpg"',
        'srcset="/small.jpg 300w, /real.jpg 1200w"',
        'data-srcset="/small.jpg 1x, /real.jpg 2x"',
        'data-lazy-srcset="/real.jpg 1200w, /small.jpg 300w"',
    ],
)
def test_a_placeholder_gives_way_to_the_picture(placeholder: str, real: str) -> None:
    html = f'<figure><img src="{placeholder}" {real} alt="Fire"><figcaption>The fire.</figcaption></figure>'
    assert pieces(html) == [ImagePiece("/real.jpg", "Fire", "The fire.")]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{dot}" data-src="/real.jpg" alt="Fire"><noscript><img src="/real.jpg" alt="Fire"></noscript>',
        '<img src="{dot}" alt=""><noscript><img src="/real.jpg" alt="Fire"></noscript>',
        '<noscript><img src="/real.jpg" alt="Fire"></noscript><img src="{dot}" data-src="/real.jpg" alt="Fire">',
        '<span><img src="{dot}" data-src="/real.jpg" alt="Fire"></span><noscript><img src="/real.jpg"></noscript>',
        '<picture><source srcset="/real.jpg 2x"><img src="{dot}" alt="Fire"></picture>',
        '<noscript><img src="/real.jpg" alt="Fire"></noscript>',
    ],
)
def test_the_copy_for_browsers_without_scripts_is_no_second_picture(html: str) -> None:
    figure = f"<figure>{html.format(dot=DOT)}<figcaption>The fire at the docks.</figcaption></figure>"
    assert pieces(f"<p>Text.</p>{figure}") == [
        TextPiece("<p>Text.</p>"),
        ImagePiece("/real.jpg", "Fire", "The fire at the docks."),
    ]


def test_words_behind_a_copy_stay() -> None:
    html = f'<p>a <img src="{DOT}" data-src="/r.jpg"><noscript>b <img src="/r.jpg"> c</noscript> d</p>'
    assert pieces(html) == [TextPiece("<p>a</p>"), ImagePiece("/r.jpg"), TextPiece("<p>b c</p><p>d</p>")]


def test_a_dot_that_counts_visitors_is_no_picture() -> None:
    body = parse_body('<p>a</p><img src="https://count.example/p.gif" width="1" height="1">')
    assert body.pieces == (TextPiece("<p>a</p>"),)
    assert body.removed["img"] == 1


def test_a_gallery_keeps_each_caption_and_what_is_said_of_all() -> None:
    one = '<figure><img src="/a.jpg" alt="Quay"><figcaption>The quay.</figcaption></figure>'
    two = '<figure><img src="/b.jpg" alt="Crane"><figcaption>The crane.</figcaption></figure>'
    expected = [
        ImagePiece("/a.jpg", "Quay", "The quay."),
        ImagePiece("/b.jpg", "Crane", "The crane."),
        TextPiece("<p>All were taken before <strong>3 May</strong>.</p>"),
    ]
    common = "<figcaption>All were taken before <b>3 May</b>.</figcaption>"
    for html in (
        f"<figure>{one}{two}{common}</figure>",
        f"<figure><ul><li>{one}</li><li>{two}</li></ul>{common}</figure>",
    ):
        assert pieces(html) == expected


def test_a_caption_of_several_pictures_is_not_that_of_the_first() -> None:
    html = '<div><img src="/a.jpg" alt="a"><img src="/b.jpg" alt="b"></div><figcaption>Both.</figcaption>'
    assert pieces(f"<figure>{html}</figure>") == [
        ImagePiece("/a.jpg", "a"),
        ImagePiece("/b.jpg", "b"),
        TextPiece("<p>Both.</p>"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<div class="wp-caption"><img src="/a.jpg" alt="A"><p class="wp-caption-text">The hall.</p></div>',
        '<dl class="gallery-item"><dt><img src="/a.jpg" alt="A"></dt><dd class="gallery-caption">The hall.</dd></dl>',
        '<img src="/a.jpg" alt="A" data-caption="The hall.">',
        '[caption id="a_1" align="left" width="3"]<a href="/x"><img src="/a.jpg" alt="A" /></a> The hall.[/caption]',
        '[caption width="3" caption="The hall."]<img src="/a.jpg" alt="A" />[/caption]',
        '<figure class="kg-card kg-image-card"><img src="/a.jpg" alt="A"><figcaption>The hall.</figcaption></figure>',
        '<figure role="group"><img src="/a.jpg" alt="A"><figcaption><p>The hall.</p></figcaption></figure>',
    ],
)
def test_a_caption_is_known_in_the_ways_of_other_systems(html: str) -> None:
    assert pieces(html) == [ImagePiece("/a.jpg", "A", "The hall.")]


def test_a_caption_keeps_its_links_and_lines_and_counts_the_rest() -> None:
    body = parse_body(
        '<figure><img src="/c.jpg" alt="C"><figcaption>Figure from the '
        '<a href="https://example.org/report (2)">harbour\n'
        'report</a> by <em>A. Brook</em>.<br>Licence CC&nbsp;BY. <a href="javascript:x">More</a></figcaption></figure>'
    )
    (image,) = body.pieces
    assert image == ImagePiece(
        "/c.jpg",
        "C",
        "Figure from the [harbour report](https://example.org/report%20%282%29) by A. Brook.\nLicence CC\xa0BY. More",
    )
    assert body.removed == {"em": 1, "a": 1}


def test_the_caption_of_what_is_no_picture_is_text() -> None:
    assert pieces("<figure><table><tr><td>1</td></tr></table><figcaption>A table.</figcaption></figure>")[
        -1
    ] == TextPiece("<table><tbody><tr><td><p>1</p></td></tr></tbody></table><p>A table.</p>")
    assert pieces(
        '<figure><video src="https://v.example.org/a.mp4"></video><figcaption>A film.</figcaption></figure>'
    ) == [
        EmbedPiece("https://v.example.org/a.mp4"),
        TextPiece("<p>A film.</p>"),
    ]


def test_a_film_or_a_sound_is_its_address_or_is_counted() -> None:
    html = '<audio><source src="https://a.example.org/b.mp3"></audio><video src="/c.mp4"></video>'
    body = parse_body(html)
    assert body.pieces == (EmbedPiece("https://a.example.org/b.mp3"),)
    assert body.removed == {"video": 1}

"""An import reads the page that browsers would display, however its system writes it."""

from __future__ import annotations

import pytest

from stories.domain.archive.body import parse_body
from stories.domain.archive.pieces import MISSING_ADDRESS, EmbedPiece, ImagePiece, QuotePiece, TextPiece
from stories.models.rich_text import sanitize_text

DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
# Four by three transparent pixels.
STOP_GAP = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAQAAAAe/WZNAAAADklEQVR42mNkAANGCAUAACMAA2w/AMgAAAAASUVORK5CYII="
)


def pieces(html: str) -> list[object]:
    return list(parse_body(html).pieces)


def text(html: str) -> str:
    """Return the only text block that the HTML becomes, which the sanitiser must not change."""
    (piece,) = parse_body(html).pieces
    assert isinstance(piece, TextPiece)
    assert sanitize_text(piece.text) == piece.text
    return piece.text


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ("<ol><li>a</li><ol><li>b</li></ol><li>c</li></ol>",
         "<ol><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p>c</p></li></ol>"),
        ("<ol><li>a</li><p>more</p><li>b</li></ol>", "<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>"),
        ("<ol><li>a</li><li></li><li>c</li></ol>",
         '<ol><li><p>a</p></li></ol><ol start="3"><li><p>c</p></li></ol>'),
        ('<ol start=" +7th"><li>a</li></ol>', '<ol start="7"><li><p>a</p></li></ol>'),
        ('<ol start="12345"><li>a</li></ol>', '<ol start="12345"><li><p>a</p></li></ol>'),
        ('<ol style="list-style-type:lower-alpha"><li>a</li></ol>', '<ol type="a"><li><p>a</p></li></ol>'),
        ('<ol><li style="list-style-type: upper-roman">a</li></ol>', '<ol type="I"><li><p>a</p></li></ol>'),
    ],
)  # fmt: skip
def test_an_item_has_the_number_that_browsers_display(html: str, becomes: str) -> None:
    assert text(html) == becomes


def test_an_item_goes_on_after_its_picture_under_its_own_number() -> None:
    assert pieces('<ol><li>a<img src="/a.jpg">more</li><li><img src="/b.jpg"></li><li>c</li></ol>') == [
        TextPiece("<ol><li><p>a</p></li></ol>"),
        ImagePiece("/a.jpg"),
        TextPiece("<ol><li><p>more</p></li></ol>"),
        ImagePiece("/b.jpg"),
        TextPiece('<ol start="3"><li><p>c</p></li></ol>'),
    ]


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ("one</br>two", "<p>one<br>two</p>"),
        ("one</p>two", "<p>one</p><p>two</p>"),
        ("<p>one</p>&nbsp;\n<p>two</p>", "<p>one</p><p>&nbsp;</p><p>two</p>"),
        ('<p><span style="display:block">one</span><a style="display: block" href="/b">two</a></p>',
         '<p>one<br><a href="/b">two</a></p>'),
        ("a<listing>b</listing>c", "<p>a</p><pre><code>b</code></pre><p>c</p>"),
        ("<p>a<svg></svg>b<select></select>c<input>d<iframe></iframe>e</p>", "<p>a b c d e</p>"),
        ("<pre><i>  </i>a <q>b</q>\n  c</pre>", "<pre><code>  a “b”\n  c</code></pre>"),
        ("<table><tfoot><tr><td>b</td></tr></tfoot><tbody><tr><td>a</td></tr></tbody></table>",
         "<table><tbody><tr><td><p>a</p></td></tr></tbody><tbody><tr><td><p>b</p></td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_words_are_as_far_apart_and_in_the_order_that_browsers_display(html: str, becomes: str) -> None:
    assert text(html) == becomes


def test_words_around_what_is_lifted_out_of_a_cell_or_a_quote_are_not_glued() -> None:
    assert pieces('<table><tr><td>a<img src="/a.jpg">b</td></tr></table>')[0] == TextPiece(
        "<table><tbody><tr><td><p>a b</p></td></tr></tbody></table>"
    )
    assert pieces('<blockquote>a<iframe src="https://e.org/"></iframe>b</blockquote>')[0] == QuotePiece(
        "<p>a b</p>"
    )


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none !important">',
        '<span style="visibility: hidden!important">',
        "<dialog>",
        "<noembed>",
    ],
)
def test_what_readers_never_saw_is_counted_and_left_out(hidden: str) -> None:
    name = hidden[1:].partition(" ")[0].rstrip(">")
    body = parse_body(f"<p>yes</p>{hidden}no</{name}>")
    assert body.pieces == (TextPiece("<p>yes</p>"),)
    assert body.removed == {name: 1}


def test_an_important_style_means_what_it_says() -> None:
    assert text(
        '<b style="font-weight:normal !important">a</b> <i style="font-weight: bold!important">b</i>'
    ) == ("<p>a <em><strong>b</strong></em></p>")


def test_tags_that_are_never_closed_refuse_no_story() -> None:
    paragraphs = "".join(f'<p><font size="2"><b>p{number}' for number in range(90))
    assert text(paragraphs) == "".join(f"<p><strong>p{number}</strong></p>" for number in range(90))
    items = "".join(f"<li><i>i{number}" for number in range(90))
    assert text(f"<ul>{items}</ul>") == "<ul>{}</ul>".format(
        "".join(f"<li><p><em>i{number}</em></p></li>" for number in range(90))
    )


@pytest.mark.parametrize(
    ("caption", "becomes"),
    [
        ("The <q>great <q>fire</q></q>", "The “great ‘fire’”"),
        ("<ruby>漢<rt>かん</rt></ruby> H<sub>2</sub>O", "漢(かん) H2O"),
        ("<table><tr><td>one</td><td>two</td></tr></table>", "one two"),
        ("One<blockquote>two</blockquote>three", "One\ntwo\nthree"),
        ('<span style="display:block">one</span>two', "one\ntwo"),
        ('One<script>bad()</script><b style="display:none !important">no</b>', "One"),
    ],
)
def test_a_caption_and_a_speaker_have_the_words_that_readers_saw(caption: str, becomes: str) -> None:
    html = f'<figure><img src="/a.jpg" alt="A"><figcaption>{caption}</figcaption></figure>'
    assert pieces(html) == [ImagePiece("/a.jpg", "A", becomes)]
    html = f"<blockquote><p>Words.</p><footer>{caption}</footer></blockquote>"
    assert pieces(html) == [QuotePiece("<p>Words.</p>", becomes.replace("\n", " "))]


def test_the_picture_of_a_speaker_is_lifted_out_of_the_name() -> None:
    html = '<blockquote><p>Words.</p><cite><img src="/j.jpg" alt="J">Jane</cite></blockquote>'
    assert pieces(html) == [QuotePiece("<p>Words.</p>", "Jane"), ImagePiece("/j.jpg", "J")]


@pytest.mark.parametrize(
    "attribute",
    "data-orig-src data-cfsrc data-lazyload data-echo data-ezsrc nitro-lazy-src data-orig-file data-image".split(),
)
def test_whichever_attribute_has_the_picture_a_placeholder_gives_way(attribute: str) -> None:
    assert pieces(f'<img src="{DOT}" {attribute}="https://e.org/real.jpg" alt="R">') == [
        ImagePiece("https://e.org/real.jpg", "R")
    ]


@pytest.mark.parametrize(
    "name",
    ["empty-shelves.jpg", "all-clear.jpg", "google-pixel.png", "trans-mountain.jpg", "loading-dock.webp"],
)
def test_a_picture_whose_name_has_the_word_of_a_placeholder_is_a_picture(name: str) -> None:
    assert pieces(f'<img src="/2019/{name}" alt="A">') == [ImagePiece(f"/2019/{name}", "A")]
    assert pieces(f'<img src="{DOT}" data-src="/2019/{name}" alt="A">') == [ImagePiece(f"/2019/{name}", "A")]


def test_a_long_number_in_the_name_of_a_picture_takes_no_time() -> None:
    # Trying every way to divide the digits would take centuries.
    address = f"/blank{'1' * 1_000}.jpg/"
    assert pieces(f'<img src="{address}" alt="A">') == [ImagePiece(address, "A")]


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (f'<img width="1" height="1" src="{DOT}" data-src="/a.jpg" alt="A">', "/a.jpg"),
        (f'<img src="{STOP_GAP}" srcset="/s.jpg 300w,/l.jpg 1200w" alt="A">', "/l.jpg"),
        ('<image src="/a.jpg" alt="A">', "/a.jpg"),
        ('<amp-img src="/a.jpg" alt="A" width="3" height="2"></amp-img>', "/a.jpg"),
        ('<img src="/pixel.png" alt="A">', "/pixel.png"),
    ],
)
def test_the_picture_is_the_one_that_the_page_displays(html: str, address: str) -> None:
    assert pieces(html) == [ImagePiece(address, "A")]


def test_a_dot_sized_by_its_style_and_a_hidden_picture_are_no_pictures() -> None:
    html = '<img src="/p.gif" style="width:1px;height:1px">'
    assert parse_body(html).pieces == ()
    html = '<img src="/h.jpg" style="display:none"><img src="/a.jpg" alt="A"><figcaption>C</figcaption>'
    assert pieces(f"<figure>{html}</figure>") == [ImagePiece("/a.jpg", "A", "C")]


def test_an_emoji_that_is_written_as_a_picture_is_a_character() -> None:
    html = '<p>Great<img src="https://s.w.org/images/core/emoji/72x72/1f600.png" alt="😀" class="wp-smiley">!</p>'
    assert text(html) == "<p>Great😀!</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="about:blank" data-src="https://v.example.org/1"></iframe>',
        '<iframe data-lazy-src="//v.example.org/1"></iframe>',
        '<iframe data-src="https://v.example.org/1"></iframe><noscript><iframe src="https://v.example.org/1"></iframe></noscript>',
        '<amp-iframe src="https://v.example.org/1"></amp-iframe>',
        "[youtube https://v.example.org/1]",
        "[youtube=https://v.example.org/1]",
        '[soundcloud url="https://v.example.org/1" params="x=1" /]',
    ],
)
def test_a_frame_is_embedded_once_however_it_is_loaded(html: str) -> None:
    assert pieces(html) == [EmbedPiece("https://v.example.org/1")]


def test_a_host_may_be_written_in_any_script() -> None:
    assert pieces('<iframe src="https://пример.example/x"></iframe>') == [
        EmbedPiece("https://пример.example/x")
    ]


def test_a_caption_in_an_attribute_keeps_its_brackets_and_characters() -> None:
    html = '[caption width="3" caption="He said &#8220;no&#8221; [sic]"]<img src="/a.jpg" alt="A">[/caption]'
    assert pieces(html) == [ImagePiece("/a.jpg", "A", "He said “no” [sic]")]


def test_a_caption_ends_under_the_name_that_it_began_with() -> None:
    html = '[wp_caption id="a"]<img src="/a.jpg" alt="A">The hall.[/wp_caption]'
    assert pieces(html) == [ImagePiece("/a.jpg", "A", "The hall.")]


def test_the_note_of_an_attached_picture_is_counted_and_no_text() -> None:
    body = parse_body('<p>a [[{"fid":"12","attributes":{"alt":"A [b]"}}]] b [sic]</p>')
    assert body.pieces == (TextPiece("<p>a b [sic]</p>"),)
    assert body.removed == {"[media]": 1}


def test_what_is_too_long_for_a_picture_is_counted_and_a_caption_becomes_text() -> None:
    body = parse_body(f'<img src="https://e.org/{"x" * 2_000}" alt="{"long " * 500}">')
    (image,) = body.pieces
    assert isinstance(image, ImagePiece)
    assert (image.address, len(image.alt_text)) == (MISSING_ADDRESS, 1_999)
    assert body.removed == {"img[src]": 1, "img[alt]": 1}
    essay = "word " * 1_200
    assert pieces(f'<figure><img src="/a.jpg" alt="A"><figcaption>{essay}</figcaption></figure>') == [
        ImagePiece("/a.jpg", "A"),
        TextPiece(f"<p>{essay.strip()}</p>"),
    ]

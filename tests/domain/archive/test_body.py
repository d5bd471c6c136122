"""HTML from outside becomes our own kinds of block; no words are lost or joined, and nothing forbidden gets
through.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape
from time import process_time

import pytest
from hypothesis import given, strategies as st

from stories.domain.archive.body import BodyRefused, parse_body
from stories.domain.archive.pieces import MISSING_ADDRESS, EmbedPiece, ImagePiece, QuotePiece, TextPiece
from stories.models.rich_text import sanitize_quote, sanitize_text


def pieces(html: str) -> list[object]:
    return list(parse_body(html).pieces)


def text(html: str) -> str:
    """Return the only text block that the HTML becomes."""
    (piece,) = parse_body(html).pieces
    assert isinstance(piece, TextPiece)
    return piece.text


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ("<p>a <b>b</b> <i>c</i></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h1>One</h1><h5>Five</h5><h6>Six</h6>", "<h2>One</h2><h4>Five</h4><h4>Six</h4>"),
        ("<div>one</div><section>two</section>three", "<p>one</p><p>two</p><p>three</p>"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "<p>term</p><p>meaning</p>"),
        ("one<custom-tag>two</custom-tag>", "<p>onetwo</p>"),
        ("<p>one<br>two<br></p>", "<p>one<br>two</p>"),
        ("<p>one  \n two&nbsp;three</p>", "<p>one two&nbsp;three</p>"),
        ("<b>one<p>two</p></b>", "<p><strong>one</strong></p><p>two</p>"),
        ("<p><em>one</em> <em>two</em><em> three</em></p>", "<p><em>one</em> <em>two</em> <em>three</em></p>"),
        (
            "<ul>one<li>two<ul><li>three</ul></ul>",
            "<ul><li><p>one</p></li><li><p>two</p><ul><li><p>three</p></li></ul></li></ul>",
        ),
        ('<ol start="3"><li>a</li></ol>', '<ol start="3"><li><p>a</p></li></ol>'),
        ("<pre><code class='x'>\n  a &lt; b\n    c</code></pre>", "<pre><code>  a &lt; b\n    c</code></pre>"),
        ("<q>so it is</q>, he said", "<p>“so it is”, he said</p>"),
        (
            "<table><caption>H</caption><tr><th>a<td colspan=3><tr><td></table>",
            '<p>H</p><table><tbody><tr><th><p>a</p></th><td colspan="3"></td></tr><tr><td></td></tr></tbody></table>',
        ),
        ('<a href="/x?a=1&amp;b=2" title="t" class="c">l</a>', '<p><a href="/x?a=1&amp;b=2" title="t">l</a></p>'),
        ('<a href="javascript:alert(1)">l</a>', "<p>l</p>"),
        ("<p>a<script>alert(1)</script><style>p {}</style>b</p>", "<p>ab</p>"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>"),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><hr><p>b</p>"),
        ("<p></p><p> </p><strong></strong><ul><li></li></ul><p>a", "<p>a</p>"),
    ],
)  # fmt: skip
def test_running_text_keeps_its_words_and_their_meaning(html: str, becomes: str) -> None:
    assert text(html) == becomes


@pytest.mark.parametrize(
    "html",
    [
        "<p>one <img src=/a.jpg alt=A> two</p>",
        '<p>one <a href="/big"><img src=/a.jpg alt=A></a> two</p>',
        "<div>one <div><img src=/a.jpg alt=A></div> two</div>",
    ],
)
def test_an_image_is_lifted_out_of_what_it_stands_in(html: str) -> None:
    assert pieces(html) == [TextPiece("<p>one</p>"), ImagePiece("/a.jpg", "A"), TextPiece("<p>two</p>")]


def test_an_image_in_a_list_splits_it_and_the_numbers_go_on() -> None:
    assert pieces("<ol><li>one<img src=/a.jpg alt=A></li><li>two</li></ol>") == [
        TextPiece("<ol><li><p>one</p></li></ol>"),
        ImagePiece("/a.jpg", "A"),
        TextPiece('<ol start="2"><li><p>two</p></li></ol>'),
    ]


def test_an_image_in_a_table_stands_after_the_table() -> None:
    first, second, third = pieces("<table><tr><td>a <img src=/a.jpg alt=A></td><td>b</td></tr></table>c")
    assert isinstance(first, TextPiece)
    assert first.text.count("<td>") == 2
    assert second == ImagePiece("/a.jpg", "A")
    assert third == TextPiece("<p>c</p>")


def test_a_figure_is_its_image_with_the_caption() -> None:
    html = "<figure><a href='/big'><img src='/a.jpg' alt='A  b'></a>"
    html += "<figcaption>Words <b>here</b><p>too</p></figcaption></figure>"
    assert pieces(html) == [ImagePiece("/a.jpg", "A b", "Words here\ntoo")]


def test_an_image_without_an_address_keeps_what_it_says() -> None:
    assert pieces('<img src="" alt="A chart">') == [ImagePiece(MISSING_ADDRESS, "A chart")]
    body = parse_body('<img src="">')
    assert body.pieces == ()
    assert body.removed == {"img": 1}


def test_a_frame_is_its_address_alone() -> None:
    assert pieces('<p><iframe src="//video.example.org/1 2" width="5">no frames</iframe></p>') == [
        EmbedPiece("https://video.example.org/1%202")
    ]
    assert parse_body('<iframe src="javascript:alert(1)"></iframe>').removed == {"iframe": 1}


@pytest.mark.parametrize(
    ("html", "quote"),
    [
        ("<blockquote>Words.</blockquote>", QuotePiece("<p>Words.</p>")),
        (
            "<div><blockquote><p>Words.</p><footer>— Jane Doe, <a href=/>editor</a></footer></blockquote></div>",
            QuotePiece("<p>Words.</p>", "Jane Doe, editor"),
        ),
        ("<blockquote><p>Words.<br>— <cite>Jane</cite></p></blockquote>", QuotePiece("<p>Words.</p>", "Jane")),
        (
            "<blockquote><p>As <cite>The Book</cite> has it.</p></blockquote>",
            QuotePiece("<p>As <em>The Book</em> has it.</p>"),
        ),
        ('<blockquote cite="https://example.org/a">Words.</blockquote>', QuotePiece("<p>Words.</p>", "", "https://example.org/a")),
        (
            "<blockquote><h2>Head</h2><ul><li>a</ul><pre>b\nc</pre></blockquote>",
            QuotePiece("<p><strong>Head</strong></p><ul><li><p>a</p></li></ul><p><code>b<br>c</code></p>"),
        ),
        ('<div class="big testimonial-blockquote">Words.</div>', QuotePiece("<p>Words.</p>")),
        ("<h1><blockquote>Words.</blockquote></h1>", QuotePiece("<p>Words.</p>")),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", QuotePiece("<p>a</p><p>b</p>")),
        ("<blockquote><table><tr><td>a<td>b</table></blockquote>", QuotePiece("<p>a</p><p>b</p>")),
    ],
)  # fmt: skip
def test_a_top_level_blockquote_is_a_quote_with_its_speaker(html: str, quote: QuotePiece) -> None:
    assert pieces(html) == [quote]


def test_what_stands_between_quotes_stays_in_its_order() -> None:
    assert pieces("one<blockquote>two</blockquote><p>three</p><hr><p>four</p>") == [
        TextPiece("<p>one</p>"),
        QuotePiece("<p>two</p>"),
        TextPiece("<p>three</p><hr><p>four</p>"),
    ]


def test_a_quotation_in_a_list_stays_in_the_list() -> None:
    assert text("<ul><li><blockquote>a</blockquote></ul>") == (
        "<ul><li><blockquote><p>a</p></blockquote></li></ul>"
    )


def test_everything_that_goes_is_counted() -> None:
    removed = parse_body(
        '<div><p class="a" id="b">x</p></div><script>1</script><font>y</font><script>2</script>'
        '<p onclick="z()">q</p><x-y-z>w</x-y-z>'
    ).removed
    assert removed == {
        "div": 1,
        "p[class]": 1,
        "p[id]": 1,
        "p[onclick]": 1,
        "script": 2,
        "font": 1,
        "x-y-z": 1,
    }


BOMBS = ["<div>", "<b>", "<b><div></b>", "<div></x>", "<ul><li>", "<table>", "<blockquote><p>"]


@pytest.mark.parametrize("bomb", BOMBS)
def test_deep_nesting_is_refused_in_words(bomb: str) -> None:
    with pytest.raises(BodyRefused, match="nest more than 1,000 deep"):
        parse_body(bomb * (1_000_000 // len(bomb)))


def test_a_body_of_five_megabytes_is_refused_in_words() -> None:
    with pytest.raises(BodyRefused, match="It has 5,000,000 characters; a body may have 4,000,000"):
        parse_body("x" * 5_000_000)


@pytest.mark.parametrize(
    "unit", ["<p>word</p>", "<br>", "&amp;", "<td>", "</p>", "<!--", "<x a=1 b=2>", "<", "<a><img>"]
)
def test_hostile_text_takes_seconds_at_most(unit: str) -> None:
    started = process_time()
    with suppress(BodyRefused):
        parse_body(unit * (600_000 // len(unit)))
    # Comparing each mark with every other would take many minutes on any machine.
    assert process_time() - started < 60


TAGS = (
    "p div b i em strong a ul ol li table tr td th thead blockquote h1 h2 h6 pre code br hr span section q cite"
    " footer figure figcaption x-y"
).split()
FRAGMENTS = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ['<img src="/a" alt="">', '<a href="/x">', "<iframe src='https://e.org/'></iframe>", " ", "\n"]
    ),
    st.from_regex(r"[a-z]{1,3}[ ]?", fullmatch=True),
    st.sampled_from(["&lt;", "&amp;", "&nbsp;", "é", "< ", "& ", "<!-- c -->", "“"]),
)


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_whatever_the_markup_letters_survive_and_sanitising_finds_nothing_more(html: str) -> None:
    found = ""
    for piece in parse_body(html).pieces:
        if isinstance(piece, TextPiece):
            assert sanitize_text(piece.text) == piece.text
            found += piece.text
        elif isinstance(piece, QuotePiece):
            assert sanitize_quote(piece.text) == piece.text
            found += f"{piece.text}{piece.speaker}"
        elif isinstance(piece, ImagePiece):
            found += piece.caption
    letters = re.sub(r"<!--.*?-->|</?[a-z][^<>]*>", "", html)
    assert sorted(re.findall("[a-zé]", unescape(letters))) == sorted(
        re.findall("[a-zé]", unescape(re.sub("<[^<>]*>", "", found)))
    )

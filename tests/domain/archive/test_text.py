"""What a text expresses other than by its words remains: its direction, the targets of its links, the numbering of
its lists.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from stories.domain.archive.body import parse_body
from stories.domain.archive.pieces import EmbedPiece, ImagePiece, QuotePiece, TextPiece
from stories.domain.text.captions import plain_caption
from stories.models.rich_text import sanitize_quote, sanitize_text
from tests.archives import NO_WORDPRESS, WORDPRESS

_SHORTCODE = re.compile(
    r'\[caption[^\]]*?(?:caption="(?P<given>[^"]*)")?\](?P<words>.*?)\[/caption\]|\[(?:gallery|audio)[ ][^\]]*\]',
    re.DOTALL,
)


def text(html: str, language: str = "en") -> str:
    """Return the only text block that the HTML becomes, which the sanitiser must not change."""
    (piece,) = parse_body(html, language).pieces
    assert isinstance(piece, TextPiece)
    assert sanitize_text(piece.text) == piece.text
    return piece.text


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<p dir="rtl" lang="ar">قال</p>', '<p lang="ar" dir="rtl">قال</p>'),
        ('<div dir="rtl"><p>a</p><p dir="ltr">b</p></div><p>c</p>', '<p dir="rtl">a</p><p dir="ltr">b</p><p>c</p>'),
        ('<div dir="rtl"><ul><li>a</li></ul></div>', '<ul dir="rtl"><li><p>a</p></li></ul>'),
        ('<p dir="auto">x</p>', '<p dir="auto">x</p>'),
        ('<p>a <span lang="fr">mot</span> b</p>', '<p>a <span lang="fr">mot</span> b</p>'),
        ("<p>a <bdi>x</bdi></p>", '<p>a <span dir="auto">x</span></p>'),
        ('<p>a <em lang="la">et</em></p>', '<p>a <span lang="la"><em>et</em></span></p>'),
        ('<p lang="en-GB" dir="ltr">a <span lang="en">b</span></p>', "<p>a b</p>"),
        ('<table dir="rtl"><tr><td>a</td></tr></table>',
         '<table dir="rtl"><tbody><tr><td><p>a</p></td></tr></tbody></table>'),
    ],
)  # fmt: skip
def test_language_and_direction_stay_where_they_are_not_the_storys(html: str, becomes: str) -> None:
    assert text(html) == becomes


def test_in_an_arabic_story_english_is_what_says_so() -> None:
    html = '<p dir="rtl" lang="ar">قال</p><p dir="ltr" lang="en">He said</p>'
    assert text(html, "ar") == '<p>قال</p><p lang="en" dir="ltr">He said</p>'


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<p><a href="#n">1</a></p><p id="n">N</p>', '<p><a href="#n">1</a></p><p id="n">N</p>'),
        ('<p><a href="#n">1</a></p><p><a name="n"></a>N</p>', '<p><a href="#n">1</a></p><p id="n">N</p>'),
        ('<p><a href="#n">1</a></p><div id="n"><h3>N</h3></div>', '<p><a href="#n">1</a></p><h3 id="n">N</h3>'),
        ('<p>a <sup id="n">1</sup> <a href="#n">back</a></p>', '<p id="n">a <sup>1</sup> <a href="#n">back</a></p>'),
        ('<p><a href="#a">1</a> <a href="#b">2</a></p><p id="a"><i id="b">N</i></p>',
         '<p><a href="#a">1</a> <a href="#a">2</a></p><p id="a"><em>N</em></p>'),
        ('<p><a href="#caf%C3%A9">1</a></p><p id="café">N</p>', '<p><a href="#café">1</a></p><p id="café">N</p>'),
        ('<p><a href="#content">1</a></p><p id="content">N</p>', '<p><a href="#p-1">1</a></p><p id="p-1">N</p>'),
        ('<p><a href="#n">1</a></p><p id="n">a</p><p id="n">b</p>', '<p><a href="#n">1</a></p><p id="n">a</p><p>b</p>'),
        ('<p><a href="#gone">1</a> <a href="#">2</a> <a href="#top">3</a></p>', '<p>1 2 <a href="#top">3</a></p>'),
        ('<p id="unasked">a</p>', "<p>a</p>"),
        ('<p><a href="#n">1</a></p><pre id="n">c</pre>', '<p><a href="#n">1</a></p><pre id="n"><code>c</code></pre>'),
    ],
)  # fmt: skip
def test_links_of_the_page_lead_where_they_led(html: str, becomes: str) -> None:
    assert text(html) == becomes


def test_a_link_to_a_quote_or_a_picture_leads_to_the_next_paragraph() -> None:
    first, quote, image, last = parse_body(
        '<p><a href="#q">q</a> <a href="#i">i</a></p><blockquote id="q">Words.</blockquote>'
        '<img id="i" src="/a.jpg"><p>After.</p>'
    ).pieces
    assert first == TextPiece('<p><a href="#p-1">q</a> <a href="#i">i</a></p>')
    assert quote == QuotePiece('<p id="p-1">Words.</p>')
    assert image == ImagePiece("/a.jpg")
    assert last == TextPiece('<p id="i">After.</p>')


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<ol start="3" type="a"><li>a</ol>', '<ol start="3" type="a"><li><p>a</p></li></ol>'),
        ("<ol reversed><li>a<li>b</ol>", '<ol start="2" reversed=""><li><p>a</p></li><li><p>b</p></li></ol>'),
        ('<ol><li>a<li value="5">b<li>c</ol>',
         '<ol><li><p>a</p></li></ol><ol start="5"><li><p>b</p></li><li><p>c</p></li></ol>'),
        ('<ol start="0"><li>a</ol>', '<ol start="0"><li><p>a</p></li></ol>'),
        ('<ol start="x" type="q"><li value="1">a</ol>', "<ol><li><p>a</p></li></ol>"),
    ],
)  # fmt: skip
def test_lists_count_as_they_counted(html: str, becomes: str) -> None:
    assert text(html) == becomes


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<b style="font-weight:normal">a <span style="font-weight:700">b</span></b>', "<p>a <strong>b</strong></p>"),
        ('<p><span style="font-style: italic">a</span> <b>b<font style="font-weight: 400">c</font></b></p>',
         "<p><em>a</em> <strong>b</strong>c</p>"),
        ('<p><span style="vertical-align:super">2</span><span style="text-decoration: line-through">x</span></p>',
         "<p><sup>2</sup><s>x</s></p>"),
        ("<p>a <q>b <q>c</q></q></p>", "<p>a “b ‘c’”</p>"),
        ("<p><ruby>漢<rt>かん</rt></ruby> <ruby>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby></p>",
         "<p>漢(かん) 字(じ)</p>"),
        ("<p><math><msup><mn>10</mn><mn>6</mn></msup> <mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>",
         "<p>10<sup>6</sup> 1/2</p>"),
        ("<p>one<wbr>two three&shy;four</p>", "<p>onetwo three\xadfour</p>"),
        ('<p>a<span style="display: none">b</span><i hidden>c</i>d</p>', "<p>ad</p>"),
        ("<details><summary>a</summary>b</details>", "<p>a</p><p>b</p>"),
        ("<p>a\u200f(b)\u2066c\u2069</p>", "<p>a\u200f(b)\u2066c\u2069</p>"),
        ('<p><a href="https://e.org/annual report.pdf">a</a> <a href="https://e.org/a\nb">b</a></p>',
         '<p><a href="https://e.org/annual%20report.pdf">a</a> <a href="https://e.org/ab">b</a></p>'),
        ('<table><tr><th scope="row">a</th></tr><tfoot><tr><td>b</td></tr></tfoot></table>',
         '<table><tbody><tr><th scope="row"><p>a</p></th></tr><tr><td><p>b</p></td></tr></tbody></table>'),
        ("one\n\ntwo <b>three</b>\nfour\n \nfive", "<p>one</p><p>two <strong>three</strong> four</p><p>five</p>"),
        ("<p>Use [video] or [gallery] here</p>", "<p>Use [video] or [gallery] here</p>"),
    ],
)  # fmt: skip
def test_what_elements_and_styles_mean_stays(html: str, becomes: str) -> None:
    assert text(html) == becomes


def test_shortcodes_are_what_they_show_or_are_counted() -> None:
    body = parse_body(
        'a [gallery ids="1,2"] b [embed width="3"]https://v.example.org/1[/embed] c [audio src="https://a.example.org/b.mp3"]'
        "<pre>[gallery ids='1']</pre>"
    )
    assert body.pieces == (
        TextPiece("<p>a b</p>"),
        EmbedPiece("https://v.example.org/1"),
        TextPiece("<p>c</p>"),
        EmbedPiece("https://a.example.org/b.mp3"),
        TextPiece("<pre><code>[gallery ids='1']</code></pre>"),
    )
    assert body.removed == {"[gallery]": 1}


# Each builds a piece of a page around a word, and says whether readers see that word.
VISIBLE = (
    "<p>{}</p> <div>{}</div> <h1>{}</h1> <ul><li>{}</ul> <table><tr><td>{}</table> <blockquote>{}</blockquote> {}<br>"
    " <pre>{}</pre> <details><summary>{}</summary></details> <dl><dt>{}<dd>x</dl> <q>{}</q> <ruby>{}<rt>x</rt></ruby>"
    " <p><bdo_dir='rtl'>{}</bdo></p> <span_lang='fr'>{}</span> <a_href='#n'>{}</a> <p_id='n'>{}</p>"
    " <section>{}</section>"
    " <figure><img_src='/a.jpg'><figcaption>{}</figcaption></figure> <figure><figcaption>{}</figcaption></figure>"
    " <figure><figure><img_src='/b'></figure><figcaption>{}</figcaption></figure> <center>{}</center> <font>{}</font>"
    " <x-y>{}</x-y> <o:p>{}</o:p> <ins>{}</ins> <del>{}</del> <mark>{}</mark> <fieldset><legend>{}</legend></fieldset>"
    " <table><caption>{}</caption><tr><td>x</table> <math><mi>{}</mi></math> <b_style='font-weight:400'>{}</b>"
    " <figure><img_src='/c'><img_src='/d'><figcaption>{}</figcaption></figure> <button>{}</button>"
    " <address>{}</address>"
    " [caption]<img_src='/e'>{}[/caption] <noscript>{}</noscript> <ol_reversed><li_value='3'>{}</ol> <wbr>{} <hr>{}"
).split(" ")
UNSEEN = (
    "<script>{}</script> <style>{}</style> <p_hidden>{}</p> <span_style='display:none'>{}</span> <!--{}-->"
    " <textarea>{}</textarea>"
    " <template>{}</template> <svg><title>{}</title></svg> <select><option>{}</select> <svg><text>{}</text></svg>"
).split(" ")
PIECES = st.lists(
    st.tuples(st.sampled_from([*VISIBLE, *UNSEEN]), st.sampled_from(["", " ", "\n\n"])),
    min_size=1,
    max_size=12,
)


@given(PIECES)
def test_the_words_that_readers_saw_are_the_words_that_come_in(pieces: list[tuple[str, str]]) -> None:
    html = "".join(
        piece.replace("_", " ").replace("{}", f"w{number}w") + gap
        for number, (piece, gap) in enumerate(pieces)
    )
    body = parse_body(html)
    expected = [f"w{number}w" for number, (piece, _gap) in enumerate(pieces) if piece in VISIBLE]
    found = [word for piece in body.pieces for word in Words(as_html(piece)).found()]
    joined = " ".join(found)
    assert [word for word in expected if word not in joined] == []
    hidden = [f"w{number}w" for number, (piece, _gap) in enumerate(pieces) if piece in UNSEEN]
    assert [word for word in hidden if word in joined] == []
    left_out = sum(not piece.startswith("<!--") for piece, _gap in pieces if piece in UNSEEN)
    assert sum(count for name, count in body.removed.items() if "[" not in name) >= left_out


class Words(HTMLParser):
    """The words of a page, read by another parser than the import's."""

    INLINE = frozenset(
        "a abbr acronym b big code del em i ins small span strike strong sub sup time u".split()
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.parts.append("" if tag in self.INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append("" if tag in self.INLINE else " ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def found(self) -> list[str]:
        return "".join(self.parts).split()


def as_html(piece: object) -> str:
    """Return what readers read of a piece, as HTML."""
    match piece:
        case TextPiece():
            assert sanitize_text(piece.text) == piece.text
            return piece.text
        case QuotePiece():
            assert sanitize_quote(piece.text) == piece.text
            return f"{piece.text} {piece.speaker}"
        case ImagePiece():
            return plain_caption(piece.caption).replace("<", "&lt;")
        case EmbedPiece():
            return piece.address
    return ""


@pytest.mark.skipif(not WORDPRESS.exists(), reason=NO_WORDPRESS)
@pytest.mark.parametrize("name", ["theme-unit-test", "block-test"])
def test_no_word_of_wordpresss_own_test_pages_is_lost_or_glued(name: str) -> None:
    parser = etree.XMLParser(huge_tree=True, recover=True)
    with gzip.open(WORDPRESS / f"{name}.xml.gz") as file:
        bodies = etree.parse(file, parser).findall(".//{http://purl.org/rss/1.0/modules/content/}encoded")
    written = [body.text for body in bodies if (body.text or "").strip()]
    assert len(written) > 50
    for html in written:
        seen = Words(without_shortcodes(html)).found()
        every = parse_body(html).pieces
        # A player or a frame displays no address; the card that replaces it does.
        pieces = [piece for piece in every if not isinstance(piece, EmbedPiece) or piece.address in seen]
        assert letters(word for piece in pieces for word in Words(as_html(piece)).found()) == letters(seen), (
            html[:300]
        )


def letters(words: Iterable[str]) -> Counter[str]:
    """Count each letter of words, without quotation marks, which elements may stand for, and the dash before a
    speaker.
    """
    return Counter(letter for word in words for letter in word if letter not in "“”‘’-–—")


def without_shortcodes(html: str) -> str:
    """Return a page of WordPress as it is displayed."""
    return _SHORTCODE.sub(lambda match: f"{match['words'] or ''} {match['given'] or ''}", html)

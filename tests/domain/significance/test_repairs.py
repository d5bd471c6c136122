"""Changes that readers need not hear of: text joined, moved, formatted or linked differently, with its words
unchanged.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from stories.domain.diff.compare import diff
from stories.domain.significance.addresses import Sameness, plain_address, same_picture, sameness
from stories.domain.significance.data import Level, Reason, ReasonKind
from stories.domain.significance.measure import measure
from stories.domain.snapshot import Block, ImageBlock, QuoteBlock, StorySnapshot, TextBlock

TYPOGRAPHY, WORDING, SUBSTANTIVE = Level.TYPOGRAPHY, Level.WORDING, Level.SUBSTANTIVE
A = "<p>The council met on Monday and saw our sources.</p>"
B = "<p>Darlene Gamble spoke for an hour about the bridge.</p>"
C = "<p>Nobody had asked her to do so before.</p>"
LIST = "<p>There came:</p><ul><li>the mayor of Kestrelby;</li><li>two clerks of the court;</li><li>a baker.</li></ul>"
LINE = "<p>There came: the mayor of Kestrelby; two clerks of the court; a baker.</p>"
TABLE = (
    "<table><tbody><tr><td>Rooms</td><td>five</td></tr><tr><td>Beds</td><td>nine</td></tr></tbody></table>"
)

# Old, new, and the level.
TEXTS = {
    "paragraphs joined, their space lost": (A + B, A[:-4] + B[3:], TYPOGRAPHY),
    "paragraphs joined by a space": (A + B, f"{A[:-4]} {B[3:]}", TYPOGRAPHY),
    "a paragraph cut in two": (f"{A[:-4]} {B[3:]}", A + B, TYPOGRAPHY),
    "three paragraphs joined": (A + B + C, A[:-4] + B[3:-4] + C[3:], TYPOGRAPHY),
    "paragraphs joined after a year": (
        "<p>It closed in 2019.</p><p>Darlene left.</p>", "<p>It closed in 2019.Darlene left.</p>", TYPOGRAPHY,
    ),
    "paragraphs joined, and a word changed": (
        A + B, A[:-4].replace("saw", "heard") + B[3:], WORDING,
    ),
    "paragraphs joined, and a figure changed": (
        A + B, A[:-4] + B[3:].replace("an hour", "two hours"), SUBSTANTIVE,
    ),
    "paragraphs joined, and a name changed": (
        A + B, A[:-4] + B[3:].replace("Gamble", "Gambol"), SUBSTANTIVE,
    ),
    "paragraphs joined, and one left out": (A + B + C, A[:-4] + B[3:], SUBSTANTIVE),
    "a list made of a line": (LINE, LIST, TYPOGRAPHY),
    "a line made of a list": (LIST, LINE, TYPOGRAPHY),
    "a table made of paragraphs": ("<p>Rooms five</p><p>Beds nine</p>", TABLE, TYPOGRAPHY),
    "a paragraph made of a heading": ("<h2>The bridge</h2>" + A, "<p>The bridge</p>" + A, TYPOGRAPHY),
    "an entity that stood as it is written": ("<p>It&amp;#8217;s open.</p>", "<p>It’s open.</p>", TYPOGRAPHY),
    "a space that stood as it is written": ("<p>Open&amp;nbsp;now.</p>", "<p>Open now.</p>", TYPOGRAPHY),
    "emphasis that stood as it is written": (
        "<p>It is &lt;em&gt;open&lt;/em&gt; now.</p>", "<p>It is <em>open</em> now.</p>", TYPOGRAPHY,
    ),
    "a link that stood as it is written": (
        "<p>It is [open](https://a.example/x) now.</p>", '<p>It is <a href="https://a.example/x">open</a> now.</p>',
        WORDING,
    ),
    "two hyphens for a dash": ("<p>It is open -- now.</p>", "<p>It is open — now.</p>", TYPOGRAPHY),
    "quotation marks of code": ("<pre><code>pages: 5</code></pre>", '<pre><code>"pages": 5</code></pre>', TYPOGRAPHY),
    "a word in quotation marks of the text": ("<p>It is open now.</p>", "<p>It is “open” now.</p>", SUBSTANTIVE),
    "a quotation in its marks that is set off": (
        "<p>“We are open.” — Ann Lee, director</p>",
        "<blockquote><p>“We are open.” — Ann Lee, director</p></blockquote>",
        WORDING,
    ),
    "a signed statement that is set off": (
        "<p>I am thankful for it. — <strong>Ann Lee</strong></p>",
        "<blockquote><p>I am thankful for it. — <strong>Ann Lee</strong></p></blockquote>",
        WORDING,
    ),
    "a heading in small letters beside a new word": (
        "<h2>How Does It Work There?</h2>" + A, "<h2>How does it work there?</h2>" + A.replace("saw", "heard"), WORDING,
    ),
    "what a page's template left behind": ("<p>by , and</p>" + A, A, WORDING),
    "a short paragraph that says something": ("<p>By Ann Lee</p>" + A, A, SUBSTANTIVE),
    "a heading made beside a quotation": (
        f"<p>The bridge</p>{A}<blockquote>{B}</blockquote>", f"<h2>The bridge</h2>{A}", SUBSTANTIVE,
    ),
    "a picture in another folder": (
        A + '<p><img src="/images/2014/hall.jpg"></p>', A + '<p><img src="/blog/2014/hall.jpg"></p>', WORDING,
    ),
    "a link withdrawn that stands elsewhere still": (
        A.replace("council", '<a href="/c-l">council</a>') + B.replace("bridge", '<a href="/c-l">bridge</a>'),
        A + B.replace("bridge", '<a href="/c-l">bridge</a>'), WORDING,
    ),
    "a footnote's link withdrawn": ('<p>See <a href="#note-1">below</a>.</p>', "<p>See below.</p>", WORDING),
}  # fmt: skip

# Old, new, and how much alike they are.
ADDRESSES = (
    ("http://www.A.example:80/x/", "https://a.example/x", Sameness.SAME_ADDRESS),
    ("https://a.example/x", "https://a.example/x?utm_source=b&fbclid=1", Sameness.SAME_ADDRESS),
    ("https://a.example/x?b=1&amp;c=2", "https://a.example/x?c=2&b=1", Sameness.SAME_ADDRESS),
    ("https://a.example/%7Ebo/caf%C3%A9", "https://a.example/~bo/café", Sameness.SAME_ADDRESS),
    ("https://youtu.be/abcdef12", "https://www.youtube.com/watch?v=abcdef12", Sameness.SAME_ADDRESS),
    ("desk@a.example", "mailto:desk@a.example", Sameness.SAME_ADDRESS),
    ("a.example.org/news", "https://a.example.org/news/", Sameness.SAME_ADDRESS),
    ("https://a.example/AnnualReport", "https://a.example/annual-report", Sameness.SAME_THING),
    ("https://a.example/2-1", "https://a.example/21", Sameness.OTHER),
    ("https://a.example/x#one", "https://a.example/x#two", Sameness.SAME_THING),
    ("https://a.example/docs/x.pdf", "https://files.a.example/docs/x.pdf", Sameness.SAME_THING),
    ("https://a.example/docs/x.pdf", "https://a.example/files/x.pdf", Sameness.SAME_THING),
    ("https://a.example/blog/how-it-went", "https://a.example/2015/01/06/how-it-went/", Sameness.SAME_THING),
    ("https://b.example/p", "https://web.archive.org/web/2019/https://b.example/p", Sameness.SAME_THING),
    ("https://b.example/p?a=1", "https://web.archive.org/web/2019id_/http://b.example/p?a=1", Sameness.SAME_THING),
    ("https://web.archive.org/web/2018*/b.example/p", "https://archive.org/web/2019/b.example/p", Sameness.SAME_THING),
    ("https://b.example/p", "https://archive.ph/2019.05.01-120000/https://b.example/p", Sameness.SAME_THING),
    ("https://www.whitehouse.gov/ostp", "https://obamawhitehouse.archives.gov/ostp", Sameness.SAME_THING),
    ("https://a.example/join", "/join", Sameness.SAME_THING),
    ("/2014/07/how-it-went", "https://a.example/2014/07/how-it-went", Sameness.SAME_THING),
    ("/join", "https://a.example/join", Sameness.OTHER),
    ("https://a.example/", "/", Sameness.OTHER),
    ("https://b.example/p", "https://web.archive.org/web/2019/https://c.example/p", Sameness.OTHER),
    ("https://b.example/p", "https://archive.ph/AbCdE", Sameness.OTHER),
    ("https://b.example/p", "https://c.example/2019/https://b.example/p", Sameness.OTHER),
    ("https://a.example/x.pdf", "https://b.example/x.pdf", Sameness.OTHER),
    ("https://ann.github.io/x.pdf", "https://bo.github.io/x.pdf", Sameness.OTHER),
    ("https://github.com/ann/x.pdf", "https://github.com/bo/x.pdf", Sameness.OTHER),
    ("https://a.example/2019/report.pdf", "https://a.example/2020/report.pdf", Sameness.OTHER),
    ("https://a.example/en/report.pdf", "https://a.example/es/report.pdf", Sameness.OTHER),
    ("https://a.example/x?id=1", "https://a.example/x?id=2", Sameness.OTHER),
    ("https://a.example/#/x", "https://a.example/#/y", Sameness.OTHER),
    ("mailto:ann@a.example", "mailto:bo@a.example", Sameness.OTHER),
)  # fmt: skip


def story(*blocks: Block) -> StorySnapshot:
    return StorySnapshot(headline="Council hears objections", blocks=blocks)


def text(html: str, number: int = 1) -> TextBlock:
    return TextBlock(key=UUID(int=number), text=html)


def image(
    address: str = "/images/hall.jpg", *, number: int = 3, alt_text: str = "The hall", caption: str = ""
) -> ImageBlock:
    return ImageBlock(key=UUID(int=number), address=address, alt_text=alt_text, caption=caption)


def level(old: Block, *new: Block) -> Level:
    return measure(diff(story(old), story(*new))).level


def reasons(old: str, new: str) -> list[tuple[str, str]]:
    found: tuple[Reason, ...] = measure(diff(story(text(old)), story(text(new)))).reasons
    return [(reason.old, reason.new) for reason in found if reason.kind is ReasonKind.LINK_TARGET]


@pytest.mark.parametrize("case", TEXTS.values(), ids=TEXTS.keys())
def test_a_repair_of_a_text_weighs_what_its_words_weigh(case: tuple[str, str, Level]) -> None:
    old, new, expected = case
    assert level(text(old), text(new)) is expected


@pytest.mark.parametrize(("old", "new", "expected"), ADDRESSES)
def test_addresses_are_the_same_as_far_as_it_shows(old: str, new: str, expected: Sameness) -> None:
    assert sameness(old, new) is expected
    assert (plain_address(old) == plain_address(new)) is (expected is Sameness.SAME_ADDRESS)


@pytest.mark.parametrize(("old", "new", "expected"), ADDRESSES)
def test_a_link_weighs_what_its_address_does(old: str, new: str, expected: Sameness) -> None:
    link = '<p>Here it <a href="{}">stands</a>.</p>'
    levels = {
        Sameness.SAME_ADDRESS: TYPOGRAPHY,
        Sameness.SAME_THING: WORDING,
        Sameness.OTHER: SUBSTANTIVE,
    }
    assert level(text(link.format(old)), text(link.format(new))) is levels[expected]


def test_a_link_that_is_removed_is_not_paired_with_one_that_came_elsewhere() -> None:
    old = '<p>The <a href="https://a.example/council">council</a> met, and a clerk wrote it all down.</p>'
    new = '<p>The council met, and a clerk <a href="https://b.example/minutes">wrote</a> it all down.</p>'
    assert reasons(old, new) == [("//a.example/council", "")]


def test_links_that_changed_places_are_reported_one_by_one() -> None:
    old = '<p>See <a href="/z">the minutes</a> and <a href="/y">the photos</a> of it.</p>'
    new = '<p>See <a href="/b">the minutes</a> and <a href="/a">the photos</a> of it.</p>'
    assert reasons(old, new) == [("/z", "/b"), ("/y", "/a")]


def test_a_picture_that_only_moved_is_no_other_picture() -> None:
    assert level(image(), image("/uploads/hall.jpg")) is WORDING
    assert level(image(), image("https://cdn.example/hall-300x200.jpg?w=3")) is WORDING
    assert level(image(), image(number=4)) is WORDING
    assert level(image(), image("/images/court.jpg")) is SUBSTANTIVE
    assert level(image(), image("")) is SUBSTANTIVE
    assert level(image(), image(number=4, alt_text="The mayor, drunk")) is SUBSTANTIVE
    assert level(text(A), text(A), image("about:invalid")) is WORDING
    assert level(text(A), text(A), image("about:invalid", caption="A drunk mayor")) is SUBSTANTIVE
    assert not same_picture("https://a.example/2019/image00.jpg", "https://b.example/2019/image00.jpg")
    assert not same_picture("/2019/hall.jpg", "/2020/hall.jpg")


def test_a_caption_that_became_a_paragraph_is_no_new_paragraph() -> None:
    broken = image("about:invalid", caption="The hall at night")
    old, new = story(text(A), broken), story(text(A + "<p>The hall at night</p>"))
    assert measure(diff(old, new)).level is WORDING
    seen = measure(diff(story(text(A), image(caption="The hall at night")), new))
    assert [reason.kind for reason in seen.reasons] == [ReasonKind.PICTURE]


def test_words_in_quotation_marks_are_a_quotation_already() -> None:
    quoted = "<p>“We are open, and we shall stay so.” – Ann Lee</p>"
    quote = QuoteBlock(key=UUID(int=2), text=quoted)
    assert level(text(quoted), quote) is WORDING
    assert level(text("<p>We are open, and we shall stay so.</p>"), quote) is SUBSTANTIVE

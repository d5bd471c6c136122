"""Words masked in a story: all of them, wherever they occur, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from stories.domain.snapshot import (
    EmbedBlock,
    ImageBlock,
    NoteKind,
    QuoteBlock,
    StorySnapshot,
    TextBlock,
    UpdateNote,
)
from stories.domain.text.mask import NOTHING, WITHHELD_ADDRESS, Mask
from stories.domain.text.segments import plain_text, well_nested
from tests.domain.strategies import stories

KEY = UUID(int=1)
CELLS = "<table><tr><td>Jo</td><td>Doe</td></tr></table>"
INSTEAD = "[words withheld]"


def hide(*words: str) -> Mask:
    return Mask(words, INSTEAD)


@pytest.mark.parametrize(
    ("words", "html", "masked"),
    [
        ("Jo Doe", "<p>Jo Doe spoke.</p>", f"<p>{INSTEAD} spoke.</p>"),
        ("Jo Doe", "<p>Of JO&nbsp;\n DOE.</p>", f"<p>Of {INSTEAD}.</p>"),
        ("Jo Doe", "<p>J<em>o D</em>oe spoke.</p>", f"<p>{INSTEAD} spoke.</p>"),
        (
            "Jo Doe",
            "<p><strong>Jo</strong> <em>Doe</em> spoke.</p>",
            f"<p><strong>{INSTEAD}</strong> spoke.</p>",
        ),
        ("Jo's “car”", '<p>Jo’s "car".</p>', f"<p>{INSTEAD}.</p>"),
        ("Jo Doe", "<p>Jo Doering spoke.</p>", "<p>Jo Doering spoke.</p>"),
        ("Jo Doe", "<p>Jo&shy; D&#111;e spoke.</p>", f"<p>{INSTEAD} spoke.</p>"),
        (
            "Jo Doe",
            "<table><tr><td>Jo</td><td>Doe</td></tr></table>",
            "<table><tr><td>Jo</td><td>Doe</td></tr></table>",
        ),
        ("机密", "<p>这是机密文件</p>", f"<p>这是{INSTEAD}文件</p>"),
    ],
)
def test_words_are_found_as_a_reader_reads_them(words: str, html: str, masked: str) -> None:
    assert hide(words).text(html, html=True) == masked


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/jo-doe/",
        "https://example.org/?q=Jo%20Doe",
        "https://example.org/?q=Jo%2520Doe",
        "https://example.org/people/jo_doe.html",
        "mailto:jo.doe@example.org",
    ],
)
def test_a_link_that_holds_the_words_loses_its_address_and_keeps_its_text(address: str) -> None:
    html = f'<p>See <a href="{address}" rel="noopener">here</a>.</p>'
    assert hide("Jo Doe").text(html, html=True) == '<p>See <a rel="noopener">here</a>.</p>'
    quote = hide("Jo Doe").masked(QuoteBlock(key=KEY, source_url=address))
    embed = hide("Jo Doe").masked(EmbedBlock(key=KEY, address=address))
    assert (quote.source_url, embed.address) == ("", WITHHELD_ADDRESS)


def test_an_address_of_other_words_stays() -> None:
    html = '<p><a href="https://example.org/jo-doering">here</a></p>'
    assert hide("Jo Doe").text(html, html=True) == html


def test_every_place_of_a_story_is_masked_and_its_address_is_not() -> None:
    note = UpdateNote(key=KEY, kind=NoteKind.CORRECTION, text="Jo Doe", was="Jo Doe", now="JO DOE")
    image = ImageBlock(
        key=KEY, address="https://example.org/1", alt_text="Jo Doe", caption="Jo Doe", credit="Jo Doe"
    )
    story = StorySnapshot(
        headline="Jo Doe", slug="jo-doe", dek="Jo Doe", blocks=(image,), update_notes=(note,)
    )
    public = story.public(withheld=hide("Jo Doe"))
    assert (public.headline, public.dek, public.slug) == (INSTEAD, INSTEAD, "jo-doe")
    assert public.blocks == (replace(image, alt_text=INSTEAD, caption=INSTEAD, credit=INSTEAD),)
    assert public.update_notes == (replace(note, text=INSTEAD, was=INSTEAD, now=INSTEAD),)


def test_places_that_overlap_are_one() -> None:
    assert hide("a b c", "b c d").text("x a b c d y") == f"x {INSTEAD} y"


def test_an_erased_picture_leaves_the_block_without_its_file() -> None:
    block = ImageBlock(key=KEY, picture="ab", width=9, height=9, caption="A fountain")
    assert Mask(pictures=("ab",)).masked(block) == ImageBlock(key=KEY, caption="A fountain")
    assert Mask(pictures=("cd",)).masked(block) is block


def test_nothing_withheld_changes_nothing() -> None:
    story = StorySnapshot(headline="Jo Doe", blocks=(TextBlock(key=KEY, text="<p>Jo Doe</p>"),))
    assert story.public(withheld=NOTHING).headline == "Jo Doe"


def words_in(story: StorySnapshot) -> list[str]:
    """Return stretches of one to three words from a story's texts."""
    found: set[str] = set()
    for part in (story, *story.parts()):
        for name, value in texts(part):
            plain = plain_text(value) if is_html(part, name) else value
            for line in plain.splitlines():
                words = line.split()
                found.update(" ".join(words[at : at + 3]) for at in range(len(words)))
    return sorted(each for each in found if sum(map(str.isalnum, each)) >= 3 and each.lower() not in INSTEAD)


def texts(part: Any) -> list[tuple[str, str]]:
    named = ("slug", "section", "language", "author", "picture", "address", "source_url")
    values = [(field.name, getattr(part, field.name)) for field in fields(part)]
    return [(name, value) for name, value in values if type(value) is str and name not in named]


def is_html(part: Any, name: str) -> bool:
    return name == "text" and getattr(part, "rich", False)


@given(st.data())
def test_no_masked_story_holds_the_words_and_its_html_stays_as_well_formed(data: st.DataObject) -> None:
    story = data.draw(stories())
    choices = words_in(story)
    if not choices:
        return
    mask = hide(*data.draw(st.lists(st.sampled_from(choices), min_size=1, max_size=2)))
    public = story.public(withheld=mask)
    before = {part.key: part for part in story.parts()}
    for part in (public, *public.parts()):
        for name, value in texts(part):
            assert not mask.places(value, html=is_html(part, name)), (name, value)
            if is_html(part, name):
                assert well_nested(value) or not well_nested(getattr(before[part.key], name))  # type: ignore[attr-defined]


@given(stories())
def test_a_story_that_does_not_hold_the_words_is_untouched(story: StorySnapshot) -> None:
    assert hide("Quaxby Zebulon").masked(story) is story

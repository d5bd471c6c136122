from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from stories.admin.story_form.to_snapshot import SubmittedPart, story_from_form
from stories.domain import snapshot as domain

ASKED = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def part(row: domain.Part, *, order: int | None = None, **values: object) -> SubmittedPart:
    return SubmittedPart(kind=type(row), key=row.key, order=order, values=values)


def test_blocks_of_different_kinds_stand_in_one_order() -> None:
    text, quote = (
        domain.TextBlock(key=uuid4(), text="<p>a</p>"),
        domain.QuoteBlock(key=uuid4(), text="<p>b</p>"),
    )
    base = domain.StorySnapshot(headline="h", slug="h", blocks=(text, quote))
    story = story_from_form(values={}, parts=[part(text, order=20), part(quote, order=10)], base=base)
    assert story.blocks == (quote, text)


def test_a_row_without_a_place_comes_last_and_equal_places_keep_their_order() -> None:
    new, first, second = (domain.Byline(key=uuid4(), author=name, credited_as=name) for name in "abc")
    base = domain.StorySnapshot(bylines=(first, second))
    rows = [part(new, author="a", credited_as="a"), part(first, order=10), part(second, order=10)]
    assert story_from_form(values={}, parts=rows, base=base).bylines == (first, second, new)


def test_what_the_form_does_not_show_stays_as_it_was() -> None:
    picture = domain.ImageBlock(key=uuid4(), picture="ab" * 32, width=800, height=600, alt_text="A mast")
    base = domain.StorySnapshot(section="tech", section_name="Tech, as it was called", blocks=(picture,))
    story = story_from_form(
        values={"section": "tech"}, parts=[part(picture, order=10, alt_text="A tall mast")], base=base
    )
    assert story.section_name == "Tech, as it was called"
    assert story.blocks == (
        domain.ImageBlock(key=picture.key, picture="ab" * 32, width=800, height=600, alt_text="A tall mast"),
    )


def test_what_a_form_can_not_distinguish_is_no_change() -> None:
    request = domain.CommentRequest(key=uuid4(), party="Corvid", requested_at=ASKED)
    text = domain.TextBlock(key=uuid4(), text="\n<p>one</p>\n<p>two</p>\n")
    base = domain.StorySnapshot(headline="h", blocks=(text,), comment_requests=(request,))
    rows = [
        part(text, order=10, text="<p>one</p>\r\n<p>two</p>"),
        part(request, requested_at=ASKED.replace(microsecond=0), status="pending"),
    ]
    assert story_from_form(values={"headline": "h"}, parts=rows, base=base) == base


def test_a_part_that_left_the_form_leaves_the_story() -> None:
    text = domain.TextBlock(key=uuid4(), text="<p>a</p>")
    base = domain.StorySnapshot(headline="h", blocks=(text,))
    assert story_from_form(values={}, parts=[], base=base).blocks == ()

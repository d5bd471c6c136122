"""What a revision changed, in numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

from hypothesis import given

from stories.domain.diff.change_size import (
    RevisionChange,
    changes_between,
    changes_from_json,
    changes_to_json,
)
from stories.domain.snapshot import (
    EMPTY,
    Byline,
    CommentRequest,
    NoteKind,
    QuoteBlock,
    RequestStatus,
    StorySnapshot,
    TextBlock,
    UpdateNote,
)
from tests.domain.strategies import stories

MET = "<p>The council met on Monday and heard the staff.</p>"
OBJECTED = "<p>They objected to the sale of cameras.</p>"


def text(number: int, html: str = MET) -> TextBlock:
    return TextBlock(key=UUID(int=number), text=html)


STORY = StorySnapshot(headline="Council", blocks=(text(1), text(2, OBJECTED)))


def test_a_story_that_begins_is_one_line() -> None:
    assert changes_between(EMPTY, STORY) == (RevisionChange("story", "begun", 2, words_added=16),)


def test_words_that_came_and_went_are_counted_where_they_did() -> None:
    after = replace(
        STORY, blocks=(text(1, MET.replace("on Monday", "early on a Tuesday")), text(2, OBJECTED))
    )
    assert changes_between(STORY, after) == (RevisionChange("text", "changed", 1, (1,), 3, 1),)


def test_words_that_passed_to_another_block_neither_came_nor_went() -> None:
    before = replace(STORY, blocks=(text(1, MET + OBJECTED),))
    assert changes_between(before, STORY) == (
        RevisionChange("text", "changed", 1, (1,)),
        RevisionChange("text", "added", 1, (2,)),
    )


def test_blocks_are_numbered_among_their_kind_and_only_counted_where_they_are_many() -> None:
    quoted = replace(STORY, blocks=(*STORY.blocks, QuoteBlock(key=UUID(int=3), text="<p>No.</p>")))
    assert changes_between(STORY, quoted) == (RevisionChange("quote", "added", 1, (1,), 1, 0),)
    many = replace(STORY, blocks=(*STORY.blocks, *(text(number) for number in range(10, 14))))
    assert changes_between(STORY, many) == (RevisionChange("text", "added", 4, (), 36, 0),)
    assert changes_between(quoted, STORY) == (RevisionChange("quote", "removed", 1, (1,), 0, 1),)


def test_a_block_that_became_another_kind_is_reported_as_that() -> None:
    quoted = replace(STORY, blocks=(text(1), QuoteBlock(key=UUID(int=2), text=OBJECTED)))
    assert changes_between(STORY, quoted) == (RevisionChange("quote", "became", 1, (1,)),)


def test_what_moved_is_counted_once() -> None:
    blocks = tuple(text(number, f"<p>{number}</p>") for number in range(1, 6))
    moved = (blocks[4], *blocks[:4])
    assert changes_between(replace(STORY, blocks=blocks), replace(STORY, blocks=moved)) == (
        RevisionChange("block", "moved", 1),
    )


def test_requests_open_and_close_and_notes_and_bylines_are_reported() -> None:
    request = CommentRequest(key=UUID(int=7), party="Corvid")
    note = UpdateNote(key=UUID(int=8), kind=NoteKind.TYPO, text="A name.")
    opened = replace(STORY, comment_requests=(request,), update_notes=(note,))
    assert changes_between(STORY, opened) == (
        RevisionChange("request", "opened"),
        RevisionChange("note", "added"),
    )
    closed = replace(opened, comment_requests=(replace(request, status=RequestStatus.DECLINED),))
    assert changes_between(opened, closed) == (RevisionChange("request", "closed"),)
    renamed = replace(opened, comment_requests=(replace(request, party="Corvid Ltd"),))
    assert changes_between(opened, renamed) == (RevisionChange("request", "changed"),)
    credited = replace(STORY, bylines=(Byline(key=UUID(int=9), author="ines", credited_as="Ines"),))
    assert changes_between(STORY, credited) == (RevisionChange("byline", "changed"),)


def test_a_section_is_reported_once_though_its_name_changes_too() -> None:
    after = replace(STORY, section="city", section_name="City", dek="More.")
    assert changes_between(STORY, after) == (
        RevisionChange("dek", "changed"),
        RevisionChange("section", "changed"),
    )


@given(stories(), stories())
def test_only_stories_that_are_the_same_have_no_changes(old: StorySnapshot, new: StorySnapshot) -> None:
    changes = changes_between(old, new)
    assert bool(changes) == (old != new)
    assert changes_from_json(json.loads(json.dumps(changes_to_json(changes)))) == changes

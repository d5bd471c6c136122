"""The report of others' edits in a merged story: which place, its texts, and who made them."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given

from stories.domain.merge.merge import merge
from stories.domain.merge.report import ChangeKind, MergedChange, Save, merged_changes, values_of
from stories.domain.merge.text import items
from stories.domain.snapshot import (
    PART_FIELDS,
    Block,
    Byline,
    CommentRequest,
    ImageBlock,
    QuoteBlock,
    StorySnapshot,
    TextBlock,
)
from tests.domain import strategies as some

A = "<p>The company said on Friday that it would answer its staff.</p>"
B = "<p>Two workers spoke at the meeting, a transcript shows.</p>"
C = "<p>We have reached out to both and will update if we hear back.</p>"
D = "<p>A wholly new paragraph stands here.</p>"


def key(number: int) -> UUID:
    return UUID(int=number)


def text(number: int, html: str) -> TextBlock:
    return TextBlock(key=key(number), text=html)


def story(*blocks: Block, **values: Any) -> StorySnapshot:
    return StorySnapshot(blocks=blocks, **values)


def saves(*stories: StorySnapshot) -> list[Save]:
    """Return the saves in the history: Ann saves the second story, Bo the third, Cy the fourth."""
    found = []
    for number, (before, after) in enumerate(pairwise(stories), start=2):
        keys = {None, *(part.key for each in (before, after) for part in each.parts())}
        changed = {each for each in keys if values_of(before, each) != values_of(after, each)}
        if set(before.blocks) == set(after.blocks) and before.blocks != after.blocks:
            # The last was moved to the front, and got another number.
            changed.add(after.blocks[0].key)
        parts = {each: values_of(after, each) for each in changed}
        name = {2: "Ann", 3: "Bo", 4: "Cy"}[number]
        found.append(Save(number=number, user_id=number, user_name=name, parts=parts))
    return found


def reported_changes(mine: StorySnapshot, *stories: StorySnapshot) -> list[tuple[Any, ...]]:
    """Return the report to the person who made `mine` of the first story, after the others made the rest of it."""
    base, theirs = stories[0], stories[-1]
    merged = merge(base, mine, theirs)
    return [_brief(each) for each in merged_changes(base, theirs, merged.story, saves(*stories))]


def _brief(each: MergedChange) -> tuple[Any, ...]:
    names = [save.user_name for save in each.saves]
    return each.change, each.key.int if each.key else 0, each.field, each.paragraph, names


def test_a_changed_paragraph_is_reported_with_its_number_in_the_merged_story_and_its_author() -> None:
    base = story(text(1, A + B + C))
    mine = story(text(1, D + A + B + C))
    theirs = story(text(1, A + B.replace("Two", "Three") + C))
    assert reported_changes(mine, base, theirs) == [(ChangeKind.CHANGED, 1, "text", 3, ["Ann"])]


def test_only_who_touched_the_paragraph_is_named() -> None:
    base = story(text(1, A + B))
    first = story(text(1, A.replace("Friday", "Monday") + B))
    second = story(text(1, A.replace("Friday", "Monday") + B.replace("Two", "Three")))
    assert reported_changes(replace(base, dek="Mine"), base, first, second) == [
        (ChangeKind.CHANGED, 1, "text", 1, ["Ann"]),
        (ChangeKind.CHANGED, 1, "text", 2, ["Bo"]),
    ]


def test_what_two_of_them_made_of_a_paragraph_names_both() -> None:
    base = story(text(1, A + B))
    first = story(text(1, A.replace("Friday", "Monday") + B))
    second = story(text(1, A.replace("Friday", "Sunday") + B))
    assert reported_changes(replace(base, dek="Mine"), base, first, second) == [
        (ChangeKind.CHANGED, 1, "text", 1, ["Ann", "Bo"])
    ]


def test_a_paragraph_that_came_or_went_is_reported() -> None:
    base = story(text(1, A + B))
    assert reported_changes(replace(base, dek="Mine"), base, story(text(1, A + D))) == [
        (ChangeKind.REMOVED, 1, "text", None, ["Ann"]),
        (ChangeKind.ADDED, 1, "text", 2, ["Ann"]),
    ]


def test_white_space_that_was_set_otherwise_is_not_reported() -> None:
    base = story(text(1, A + B))
    assert reported_changes(replace(base, dek="Mine"), base, story(text(1, f"{A}\n{B}"))) == []


def test_fields_blocks_and_the_rest_are_reported_in_the_order_of_the_page() -> None:
    asked = CommentRequest(key=key(9), party="Rights Watch")
    picture = ImageBlock(key=key(3), picture="p", width=2, height=1, alt_text="A mast")
    base = story(text(1, A), text(2, B), headline="Council", comment_requests=(asked,))
    first = replace(base, headline="Council met", blocks=(text(1, A), picture))
    second = replace(
        first, comment_requests=(), bylines=(Byline(key=key(8), author="ann", credited_as="Ann"),)
    )
    assert reported_changes(replace(base, dek="Mine"), base, first, second) == [
        (ChangeKind.CHANGED, 0, "headline", None, ["Ann"]),
        (ChangeKind.ADDED, 3, "", None, ["Ann"]),
        (ChangeKind.REMOVED, 2, "", None, ["Ann"]),
        (ChangeKind.ADDED, 8, "", None, ["Bo"]),
        (ChangeKind.REMOVED, 9, "", None, ["Bo"]),
    ]


def test_a_block_that_was_moved_is_reported_with_who_moved_it() -> None:
    one, two, three = text(1, A), text(2, B), text(3, C)
    base = story(one, two, three)
    assert reported_changes(replace(base, dek="Mine"), base, story(three, one, two)) == [
        (ChangeKind.MOVED, 3, "", None, ["Ann"])
    ]


def test_a_block_that_became_a_quote_is_reported_as_that() -> None:
    base = story(text(1, A))
    quote = story(QuoteBlock(key=key(1), text=A, speaker="Ann Lee"))
    assert reported_changes(replace(base, dek="Mine"), base, quote) == [
        (ChangeKind.CHANGED, 1, "kind", None, ["Ann"])
    ]


def test_a_paragraph_is_reported_where_i_have_put_it() -> None:
    base = story(text(1, A + B))
    mine = story(text(1, A), text(2, B))
    theirs = story(text(1, A + B.replace("Two", "Three")))
    assert reported_changes(mine, base, theirs) == [(ChangeKind.CHANGED, 2, "text", 1, ["Ann"])]


def test_what_reads_as_mine_in_the_end_is_not_reported() -> None:
    base = story(text(1, A), headline="Council")
    mine = story(text(1, A.replace("Friday", "Monday")), headline="Mine")
    theirs = story(text(1, A.replace("Friday", "Sunday")), headline="Theirs")
    assert reported_changes(mine, base, theirs) == []


def test_what_they_changed_in_a_block_that_i_removed_is_not_reported() -> None:
    base = story(text(1, A), text(2, B + C))
    assert reported_changes(story(text(1, A)), base, story(text(1, A), text(2, B))) == []


@given(some.forks())
def test_what_is_reported_reads_so_in_the_merged_story(
    fork: tuple[StorySnapshot, StorySnapshot, StorySnapshot],
) -> None:
    base, _mine, theirs = fork
    merged = merge(*fork).story
    keys = {part.key for part in merged.parts()}
    for each in merged_changes(base, theirs, merged, []):
        values = values_of(merged, each.key) or {}
        if each.paragraph is not None:
            read = [" ".join(item.raw.split()) for item in items(values["text"]) if item.content]
            assert read[each.paragraph - 1] == " ".join((each.after or "").split())
        elif each.change is ChangeKind.CHANGED:
            assert values[each.field] == (values_of(theirs, each.key) or {})[each.field]
        elif not each.field:
            assert (each.key in keys) == (each.change is not ChangeKind.REMOVED)


def test_every_field_of_a_story_can_be_reported() -> None:
    # The number of the erasure that a story was read after is not part of its content, and not compared.
    compared = {each.name for each in fields(StorySnapshot) if each.compare} - set(PART_FIELDS)
    other: dict[str, Any] = dict.fromkeys(compared, "other")
    base, theirs = story(), StorySnapshot(**other)
    found = merged_changes(base, theirs, theirs, saves(base, theirs))
    # A section is reported by its name.
    assert {each.field for each in found} == compared - {"section"}

"""Merges of a story that two people edited at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from stories.domain.merge.merge import Conflict, merge
from stories.domain.snapshot import (
    Block,
    Byline,
    CommentRequest,
    ImageBlock,
    QuoteBlock,
    RequestStatus,
    StorySnapshot,
    TextBlock,
)

A = "<p>The company said on Friday that it would answer its staff.</p>"
B = "<p>Two workers spoke at the meeting, a transcript shows.</p>"
C = "<p>We have reached out to both and will update if we hear back.</p>"


def key(number: int) -> UUID:
    return UUID(int=number)


def text(number: int, html: str) -> TextBlock:
    return TextBlock(key=key(number), text=html)


def story(*blocks: Block) -> StorySnapshot:
    return StorySnapshot(blocks=blocks)


def merged_text(base: str, mine: str, theirs: str) -> str:
    """Return the text of one block that both edited without a conflict."""
    merged = merge(story(text(1, base)), story(text(1, mine)), story(text(1, theirs)))
    assert merged.conflicts == ()
    (block,) = merged.story.blocks
    assert isinstance(block, TextBlock)
    return block.text


def order(merged: StorySnapshot) -> list[int]:
    return [block.key.int for block in merged.blocks]


def test_neighbouring_paragraphs_changed_by_either_side_merge() -> None:
    mine, theirs = A.replace("Friday", "Monday"), B.replace("Two", "Three")
    assert merged_text(A + B + C, mine + B + C, A + theirs + C) == mine + theirs + C


def test_a_paragraph_rewritten_wholly_next_to_an_edited_one_merges() -> None:
    assert (
        merged_text(A + B, "<p>Wholly new.</p>" + B, A + "<p>Other.</p>") == "<p>Wholly new.</p><p>Other.</p>"
    )


def test_paragraphs_that_both_added_at_one_place_are_both_included_mine_first() -> None:
    assert merged_text(A + C, A + B + C, A + "<p>Theirs.</p>" + C) == A + B + "<p>Theirs.</p>" + C


def test_a_paragraph_that_both_added_is_added_once() -> None:
    assert merged_text(A + C, A + B + C, A + B + C.replace("both", "all")) == A + B + C.replace("both", "all")


def test_items_that_both_added_to_a_list_stay_in_it() -> None:
    base = "<ul>\n<li>One</li>\n</ul>"
    mine, theirs = "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>", "<ul>\n<li>Zero</li>\n<li>One</li>\n</ul>"
    assert merged_text(base, mine, theirs) == "<ul>\n<li>Zero</li>\n<li>One</li>\n<li>Two</li>\n</ul>"


def test_a_list_taken_apart_by_one_and_added_to_by_the_other_is_a_conflict_not_a_broken_list() -> None:
    apart = story(text(1, "<p>One or two, whatever.</p>"))
    longer = story(text(1, "<ul><li>One</li><li>Two</li><li>Three</li></ul>"))
    merged = merge(story(text(1, "<ul><li>One</li><li>Two</li></ul>")), apart, longer)
    assert merged.conflicts
    assert merged.story == apart


def test_one_paragraph_changed_by_both_is_a_conflict_that_says_where() -> None:
    mine, theirs = A.replace("Friday", "Monday"), A.replace("Friday", "Sunday")
    merged = merge(story(text(7, B + A)), story(text(7, B + mine)), story(text(7, B + theirs)))
    assert merged.story == story(text(7, B + mine))
    assert merged.conflicts == (
        Conflict(part="blocks", key=key(7), field="text", paragraph=2, base=A, mine=mine, theirs=theirs),
    )


def test_a_paragraph_deleted_by_one_and_changed_by_the_other_is_a_conflict() -> None:
    theirs = B.replace("Two", "Three")
    stories = story(text(1, A + B + C)), story(text(1, A + C)), story(text(1, A + theirs + C))
    merged = merge(*stories)
    assert merged.story == stories[1]
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (B, None, theirs)
    assert merge(*stories, "theirs").story == stories[2]


def test_a_block_deleted_by_one_and_changed_by_the_other_is_a_conflict() -> None:
    stories = story(text(1, A), text(2, B)), story(text(1, A)), story(text(1, A), text(2, C))
    merged = merge(*stories)
    assert merged.story == stories[1]
    assert merged.conflicts == (
        Conflict(part="blocks", key=key(2), field="text", paragraph=None, base=B, mine=None, theirs=C),
    )
    assert merge(*stories, "theirs").story == stories[2]


def test_a_fix_follows_a_paragraph_that_the_other_side_put_into_another_block() -> None:
    quote = QuoteBlock(key=key(2), text="<p>We were never asked.</p>", speaker="Ann Lee")
    fixed = C.replace("both", "all of them")
    base, split, fix = (
        story(text(1, A + B + C)),
        story(text(1, A), quote, text(3, B + C)),
        story(text(1, A + B + fixed)),
    )
    for mine, theirs in ((split, fix), (fix, split)):
        merged = merge(base, mine, theirs)
        assert merged.conflicts == ()
        assert merged.story == story(text(1, A), quote, text(3, B + fixed))


def test_an_edit_follows_its_paragraph_also_where_its_own_block_is_removed() -> None:
    fixed = A.replace("Friday", "Monday")
    base, renewed, fix = story(text(1, A)), story(text(2, A)), story(text(1, fixed))
    for mine, theirs in ((renewed, fix), (fix, renewed)):
        merged = merge(base, mine, theirs)
        assert merged.conflicts == ()
        assert merged.story == story(text(2, fixed))


def test_fields_of_one_part_merge_one_by_one() -> None:
    base = ImageBlock(key=key(1), picture="p", width=2, height=1, alt_text="A camera", caption="A camera.")
    merged = merge(
        story(base),
        story(replace(base, alt_text="A lens")),
        story(replace(base, picture="q", width=4, height=3)),
    )
    assert merged.conflicts == ()
    assert merged.story == story(replace(base, alt_text="A lens", picture="q", width=4, height=3))


def test_who_is_quoted_is_one_decision() -> None:
    base = QuoteBlock(key=key(1), text=A, speaker="Ann Lee")
    named = replace(base, speaker_title="deputy director")
    anonymous = replace(
        base, speaker="", anonymous=True, description="an employee", anonymity_reason="fear of reprisal"
    )
    merged = merge(story(base), story(anonymous), story(named))
    assert merged.story == story(anonymous)
    assert {conflict.field: conflict.theirs for conflict in merged.conflicts} == {
        "speaker": "Ann Lee",
        "speaker_title": "deputy director",
        "anonymous": "False",
        "description": "",
        "anonymity_reason": "",
    }


def test_a_section_travels_with_its_name() -> None:
    base = StorySnapshot(section="tech", section_name="Tech")
    mine = replace(base, section="labor", section_name="Labor")
    merged = merge(base, mine, replace(base, section_name="Technology", headline="New"))
    assert merged.story == replace(mine, headline="New")
    assert [(c.part, c.key, c.field, c.mine, c.theirs) for c in merged.conflicts] == [
        ("", None, "section", "labor", "tech"),
        ("", None, "section_name", "Labor", "Technology"),
    ]


def test_a_block_made_a_quote_takes_the_other_sides_words() -> None:
    fixed = A.replace("Friday", "Monday")
    quote = QuoteBlock(key=key(1), text=A, speaker="Ann Lee")
    merged = merge(story(text(1, A)), story(quote), story(text(1, fixed)))
    assert merged.conflicts == ()
    assert merged.story == story(replace(quote, text=fixed))


def test_words_that_the_new_kind_has_no_place_for_are_a_conflict() -> None:
    quote = QuoteBlock(key=key(1), text=A, speaker="Ann Lee")
    merged = merge(story(quote), story(text(1, A)), story(replace(quote, speaker="Bo Lee")))
    assert merged.story == story(text(1, A))
    (conflict,) = merged.conflicts
    assert (conflict.field, conflict.base, conflict.mine, conflict.theirs) == (
        "speaker",
        "Ann Lee",
        None,
        "Bo Lee",
    )


def test_moves_of_different_blocks_merge() -> None:
    one, two, three, four, five = (text(n, f"<p>{n}</p>") for n in range(1, 6))
    merged = merge(
        story(one, two, three, four, five),
        story(two, one, three, four, five),
        story(one, two, three, five, four),
    )
    assert merged.conflicts == ()
    assert order(merged.story) == [2, 1, 3, 5, 4]


def test_blocks_that_both_added_are_both_included_mine_first() -> None:
    one, two, mine, theirs = (text(n, f"<p>{n}</p>") for n in range(1, 5))
    merged = merge(story(one, two), story(one, mine, two), story(one, theirs, two))
    assert merged.conflicts == ()
    assert order(merged.story) == [1, 3, 4, 2]


def test_a_block_that_both_moved_apart_is_a_conflict_of_order() -> None:
    one, two, three, four = (text(n, f"<p>{n}</p>") for n in range(1, 5))
    stories = story(one, two, three, four), story(four, one, two, three), story(one, four, two, three)
    merged = merge(*stories)
    assert merged.story == stories[1]
    (conflict,) = merged.conflicts
    assert (conflict.field, conflict.key, conflict.base, conflict.mine, conflict.theirs) == (
        "order",
        key(4),
        "4",
        "1",
        "2",
    )
    assert merge(*stories, "theirs").story == stories[2]


def test_an_answer_and_a_new_request_merge() -> None:
    asked = CommentRequest(key=key(1), party="Rights Watch")
    answered, other = replace(asked, status=RequestStatus.RECEIVED), CommentRequest(key=key(2), party="Acme")
    base = StorySnapshot(
        comment_requests=(asked,), bylines=(Byline(key=key(9), author="ann", credited_as="Ann"),)
    )
    merged = merge(
        base,
        replace(base, comment_requests=(answered,)),
        replace(base, comment_requests=(asked, other), bylines=()),
    )
    assert merged.conflicts == ()
    assert merged.story == StorySnapshot(comment_requests=(answered, other))

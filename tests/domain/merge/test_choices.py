"""What an editor chooses if two changed the same place: mine, theirs or both."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from stories.domain.merge.merge import Choice, Conflict, merge
from stories.domain.snapshot import (
    STORY_FIELDS,
    Block,
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
Fork = tuple[StorySnapshot, StorySnapshot, StorySnapshot]


def key(number: int) -> UUID:
    return UUID(int=number)


def text(number: int, html: str) -> TextBlock:
    return TextBlock(key=key(number), text=html)


def story(*blocks: Block) -> StorySnapshot:
    return StorySnapshot(blocks=blocks)


def chosen(fork: Fork, choice: Choice) -> StorySnapshot:
    """Merge with one choice for everything that can be chosen."""
    found = merge(*fork).conflicts
    assert all(conflict.decision for conflict in found)
    return merge(*fork, choices={conflict.decision: choice for conflict in found}).story


def texts(merged: StorySnapshot) -> list[str]:
    return [getattr(block, "text", "") for block in merged.blocks]


MINE, THEIRS = A.replace("Friday", "Monday"), A.replace("Friday", "Sunday")


@pytest.mark.parametrize(
    ("choice", "reads"),
    [("mine", B + MINE + C), ("theirs", B + THEIRS + C), ("both", B + THEIRS + MINE + C)],
)
def test_a_paragraph_reads_as_is_chosen_and_the_rest_stays(choice: Choice, reads: str) -> None:
    fork = story(text(7, B + A + C)), story(text(7, B + MINE + C)), story(text(7, B + THEIRS + C))
    assert texts(chosen(fork, choice)) == [reads]


def test_each_paragraph_is_a_decision_of_its_own() -> None:
    other_mine, other_theirs = C.replace("both", "all"), C.replace("both", "neither")
    fork = (
        story(text(7, A + B + C)),
        story(text(7, MINE + B + other_mine)),
        story(text(7, THEIRS + B + other_theirs)),
    )
    first, second = merge(*fork).conflicts
    assert first.has_both
    merged = merge(*fork, choices={first.decision: "theirs", second.decision: "both"})
    assert texts(merged.story) == [THEIRS + B + other_theirs + other_mine]
    assert merged.conflicts == (first, second)


def test_both_of_a_list_item_are_two_items_of_one_list() -> None:
    def listed(*items: str) -> StorySnapshot:
        return story(text(1, "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"))

    fork = listed("One", "Two and two"), listed("One", "Two and three"), listed("One", "Two and four")
    assert chosen(fork, "both") == listed("One", "Two and four", "Two and three")


def test_both_of_texts_that_would_not_nest_stand_behind_each_other() -> None:
    base = "<ul><li>One</li><li>Two</li></ul>"
    apart, longer = "<p>One or two, whatever.</p>", "<ul><li>One</li><li>Two</li><li>Three</li></ul>"
    fork = story(text(1, base)), story(text(1, apart)), story(text(1, longer))
    assert texts(chosen(fork, "both")) == [longer + apart]


@pytest.mark.parametrize(("choice", "reads"), [("mine", A + C), ("theirs", A + THEIRS + C)])
def test_a_paragraph_that_one_side_deleted_comes_back_or_goes(choice: Choice, reads: str) -> None:
    fork = story(text(1, A + B + C)), story(text(1, A + C)), story(text(1, A + B.replace("Two", "Three") + C))
    assert texts(chosen(fork, choice)) == [reads.replace(THEIRS, B.replace("Two", "Three"))]


def test_a_block_that_one_side_deleted_comes_back_or_goes() -> None:
    without, edited = story(text(1, A)), story(text(1, A), text(2, C))
    base = story(text(1, A), text(2, B))
    assert chosen((base, without, edited), "mine") == without
    assert chosen((base, without, edited), "theirs") == edited
    assert chosen((base, edited, without), "mine") == edited
    assert chosen((base, edited, without), "theirs") == without


def test_fields_that_mean_something_together_are_one_decision() -> None:
    base = QuoteBlock(key=key(1), text=A, speaker="Ann Lee")
    anonymous = replace(
        base, speaker="", anonymous=True, description="an employee", anonymity_reason="fear of reprisal"
    )
    named = replace(base, speaker_title="deputy director")
    fork = story(base), story(anonymous), story(named)
    assert len({conflict.decision for conflict in merge(*fork).conflicts}) == 1
    assert chosen(fork, "theirs") == story(named)


def test_a_headline_can_be_mine_or_theirs_and_nothing_between() -> None:
    base = StorySnapshot(headline="Council", dek="A dek")
    fork = base, replace(base, headline="Council met"), replace(base, headline="Council sat", dek="Other")
    (conflict,) = merge(*fork).conflicts
    assert not conflict.has_both
    assert chosen(fork, "mine") == replace(base, headline="Council met", dek="Other")
    assert chosen(fork, "theirs") == replace(base, headline="Council sat", dek="Other")


def test_an_order_is_one_decision() -> None:
    one, two, three, four = (text(number, f"<p>{number}</p>") for number in range(1, 5))
    fork = story(one, two, three, four), story(four, one, two, three), story(one, four, two, three)
    assert chosen(fork, "theirs") == fork[2]
    assert chosen(fork, "mine") == fork[1]


def test_words_that_the_new_kind_has_no_place_for_are_nobodys_decision() -> None:
    quote = QuoteBlock(key=key(1), text=A, speaker="Ann Lee")
    fork = story(quote), story(text(1, A)), story(replace(quote, speaker="Bo Lee"))
    (conflict,) = merge(*fork).conflicts
    assert conflict.decision == ""


def test_a_block_that_became_two_kinds_is_one_decision() -> None:
    picture = ImageBlock(key=key(1), picture="p", alt_text="A mast")
    fork = story(text(1, A)), story(QuoteBlock(key=key(1), text=A, speaker="Ann Lee")), story(picture)
    assert len({conflict.decision for conflict in merge(*fork).conflicts}) == 1
    assert chosen(fork, "theirs") == fork[2]


def test_what_is_chosen_for_another_story_changes_nothing() -> None:
    asked = CommentRequest(key=key(1), party="Rights Watch")
    base = StorySnapshot(comment_requests=(asked,))
    fork = base, replace(base, headline="Mine"), replace(base, headline="Theirs")
    assert merge(*fork, choices={"blocks/unknown/text/1": "theirs"}) == merge(*fork)


@given(some.forks(), st.sampled_from(["mine", "theirs", "both"]))
def test_whatever_is_chosen_the_same_decisions_are_asked(fork: Fork, choice: Choice) -> None:
    def asked(conflicts: tuple[Conflict, ...]) -> set[str]:
        return {each.decision for each in conflicts}

    found = merge(*fork).conflicts
    again = merge(*fork, choices={each.decision: choice for each in found}).conflicts
    assert asked(again) == asked(found)


@given(some.forks())
def test_theirs_chosen_everywhere_is_the_merge_that_prefers_theirs(fork: Fork) -> None:
    def parts(result: StorySnapshot) -> list[object]:
        # If both added something, the preferred side's comes first; there is no decision.
        own = [getattr(result, name) for name in STORY_FIELDS]
        return [own, {part.key: part for part in result.parts()}]

    found = merge(*fork).conflicts
    choices: dict[str, Choice] = {each.decision: "theirs" for each in found if each.decision}
    merged = merge(*fork, choices=choices)
    assert parts(merged.story) == parts(merge(*fork, prefer="theirs").story)

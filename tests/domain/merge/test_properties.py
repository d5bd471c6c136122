"""Properties of a merge that hold whatever two people made of a story."""

from __future__ import annotations

from dataclasses import fields, replace
from uuid import UUID

from hypothesis import given, strategies as st

from stories.domain.merge.merge import Preference, merge
from stories.domain.merge.text import items
from stories.domain.snapshot import Block, Part, QuoteBlock, StorySnapshot, TextBlock
from tests.domain import strategies as some

Fork = tuple[StorySnapshot, StorySnapshot, StorySnapshot]
CHOICES: tuple[Preference, ...] = ("", "mine", "theirs")
PREFERENCES = st.sampled_from(CHOICES)


@given(some.pairs(), PREFERENCES)
def test_merging_with_an_unchanged_side_gives_the_other(
    pair: tuple[StorySnapshot, StorySnapshot], prefer: Preference
) -> None:
    base, edited = pair
    for mine, theirs in ((edited, base), (base, edited)):
        merged = merge(base, mine, theirs, prefer)
        assert merged.story == edited
        assert merged.conflicts == ()


@given(some.pairs(), PREFERENCES)
def test_the_same_edit_on_both_sides_is_made_once(
    pair: tuple[StorySnapshot, StorySnapshot], prefer: Preference
) -> None:
    base, edited = pair
    merged = merge(base, edited, replace(edited), prefer)
    assert merged.story == edited
    assert merged.conflicts == ()


@given(some.forks(), PREFERENCES)
def test_keys_stay_unique_and_merging_is_deterministic(fork: Fork, prefer: Preference) -> None:
    merged = merge(*fork, prefer)
    keys = [part.key for part in merged.story.parts()]
    assert len(keys) == len(set(keys))
    assert merge(*fork, prefer) == merged


@given(some.forks())
def test_whichever_side_is_preferred_the_same_conflicts_are_reported(fork: Fork) -> None:
    def places(prefer: Preference) -> set[tuple[object, ...]]:
        found = merge(*fork, prefer).conflicts
        return {(c.part, c.key, c.field, c.base, c.mine, c.theirs) for c in found if c.field != "order"}

    assert places("mine") == places("theirs") == places("")


@given(some.forks())
def test_what_one_side_alone_changed_is_taken_and_what_both_did_is_reported(fork: Fork) -> None:
    """No edit is lost: every field of every part reads as a side that changed it, or is a conflict.

    Except if an edit followed a paragraph: into a text that only the other side has, or has changed.
    """
    base, mine, theirs = fork
    merged = merge(base, mine, theirs)
    reported = {(conflict.key, conflict.field) for conflict in merged.conflicts}
    sides = [
        {part.key: _values(part) for part in story.parts()} for story in (base, mine, theirs, merged.story)
    ]
    for key in set().union(*sides):
        olds, mines, others, results = (side.get(key, {}) for side in sides)
        for field in {*olds, *mines, *others}:
            old, my, their, result = (values.get(field) for values in (olds, mines, others, results))
            if my == their:
                expected, editor = my, base
            elif my == old:
                expected, editor = their, mine
            elif their == old:
                expected, editor = my, theirs
            elif field == "text" and isinstance(my, str) and isinstance(their, str):
                continue
            else:
                assert (key, field) in reported
                continue
            assert (
                result == expected
                or any(reported_key == key for reported_key, _ in reported)
                or _edits_followed(str(expected), str(result), base=base, editor=editor)
            )


def _edits_followed(text: str, result: str, *, base: StorySnapshot, editor: StorySnapshot) -> bool:
    """Return whether the result has the editor's paragraphs in place of some of the base's, and no others."""
    were, are = ({item.raw for item in items(each)} for each in (text, result))
    return were - are <= _paragraphs(base) and are - were <= _paragraphs(editor)


def _paragraphs(story: StorySnapshot) -> set[str]:
    texts = [block.text for block in story.blocks if isinstance(block, TextBlock | QuoteBlock)]
    return {item.raw for text in texts for item in items(text)}


PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(some.PHRASES), min_size=1, max_size=3).map(" ".join),
    min_size=2,
    max_size=6,
    unique_by=str.strip,
)


@given(PARAGRAPHS, st.data())
def test_edits_to_different_paragraphs_always_merge(words: list[str], data: st.DataObject) -> None:
    base = [f"<p>{text}</p>" for text in words]
    places = data.draw(st.permutations(range(len(base))))
    split = data.draw(st.integers(1, len(base) - 1))
    mine, theirs, both = list(base), list(base), list(base)
    for side, own in ((mine, places[:split]), (theirs, places[split:])):
        for place in own:
            change = data.draw(st.sampled_from(["keep", "edit", "rewrite"]))
            if change == "keep":
                continue
            text = words[place] + " indeed" if change == "edit" else f"Wholly new {place}."
            side[place] = both[place] = f"<p>{text}</p>"
    glue = data.draw(st.sampled_from(["", "\n"]))
    merged = merge(_story(glue.join(base)), _story(glue.join(mine)), _story(glue.join(theirs)))
    assert merged.conflicts == ()
    assert merged.story == _story(glue.join(both))


@given(PARAGRAPHS, st.data())
def test_the_same_paragraph_changed_by_both_is_a_conflict_that_keeps_every_word(
    words: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    paragraphs = [words[place], words[place] + " as one has it", words[place] + " whereas another has that"]
    sides = []
    for paragraph in paragraphs:
        texts = [*words[:place], paragraph, *words[place + 1 :]]
        sides.append(_story("".join(f"<p>{text}</p>" for text in texts)))
    base, mine, theirs = sides
    for prefer in CHOICES:
        merged = merge(base, mine, theirs, prefer)
        assert merged.story == (theirs if prefer == "theirs" else mine)
        (conflict,) = merged.conflicts
        assert conflict.paragraph == place + 1
        assert [conflict.base, conflict.mine, conflict.theirs] == [f"<p>{text}</p>" for text in paragraphs]


def _story(text: str) -> StorySnapshot:
    return StorySnapshot(blocks=(TextBlock(key=UUID(int=1), text=text),))


def _values(part: Part) -> dict[str, object]:
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {**values, "kind": part.kind} if isinstance(part, Block) else values

"""Properties of a diff that hold for any two stories."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies as st

from stories.domain.diff.compare import Op, TextUnit, diff
from stories.domain.diff.words import word_ops
from stories.domain.snapshot import StorySnapshot
from stories.domain.text.segments import count_words, plain_text, scan, segments, tokens
from tests.domain import strategies as some


@given(some.pairs())
def test_rejecting_gives_the_old_story_and_accepting_the_new(
    pair: tuple[StorySnapshot, StorySnapshot],
) -> None:
    old, new = pair
    found = diff(old, new)
    assert found.reject() == old
    assert found.accept() == new


@given(some.pairs())
def test_a_diff_is_empty_if_and_only_if_the_stories_are_equal(
    pair: tuple[StorySnapshot, StorySnapshot],
) -> None:
    old, new = pair
    assert bool(diff(old, new)) == (old != new)


@given(some.stories())
def test_a_diff_with_itself_is_empty_and_counts_nothing(story: StorySnapshot) -> None:
    found = diff(story, replace(story))
    assert not found
    assert found.summary == type(found.summary)()


@given(some.pairs())
def test_both_sides_stand_in_the_body_once(pair: tuple[StorySnapshot, StorySnapshot]) -> None:
    body = diff(*pair).body
    here = [unit for unit in body if unit.op is not Op.MOVED_AWAY]
    olds = sorted(unit.old_index for unit in here if unit.old_index is not None)
    news = [unit.new_index for unit in here if unit.new_index is not None]
    assert olds == list(range(len(olds)))
    assert news == list(range(len(news)))
    moved = {unit.new_index for unit in body if unit.op is Op.MOVE}
    assert moved == {unit.new_index for unit in body if unit.op is Op.MOVED_AWAY}


@given(some.pairs())
def test_words_in_the_body_carry_the_marks_they_stand_in(pair: tuple[StorySnapshot, StorySnapshot]) -> None:
    for unit in diff(*pair).body:
        if not isinstance(unit, TextUnit):
            continue
        for op in unit.words:
            whole = unit.old_text if op.op is Op.DELETE else unit.new_text
            known = {token.marks for token in tokens(whole)}
            assert all(piece.marks in known for piece in op.pieces)


@given(some.any_texts, some.any_texts)
def test_word_stretches_hold_both_texts_to_the_character(old: str, new: str) -> None:
    for plain in (False, True):
        ops = word_ops(old, new, plain=plain)
        assert "".join(op.text for op in ops if op.op is not Op.INSERT) == old
        assert "".join(op.text for op in ops if op.op is not Op.DELETE) == new


@given(st.one_of(some.any_texts, st.text(), st.text(alphabet="<>/pliatr &;=\"'!- \n")))
def test_taking_html_apart_loses_nothing(html: str) -> None:
    found = segments(html)
    assert "".join(segment.raw for segment in found) == html
    assert all(segment.raw for segment in found)
    assert "".join(token.text for token in tokens(html)) == html
    assert "".join(scan(html)[0]) == html
    assert count_words(html) >= 0
    assert "\n\n" not in plain_text(html)

"""Numbers for an order: strictly rising, and as few of them changed as possible."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, strategies as st

from stories.domain.ordering import STEP, assign_numbers


def changed(before: Sequence[int | None], after: Sequence[int]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))


@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), max_size=30))
def test_the_numbers_rise_and_an_order_that_rises_stays(numbers: list[int | None]) -> None:
    placed = assign_numbers(numbers)
    assert placed == sorted(set(placed))
    assert len(placed) == len(numbers)
    assert assign_numbers(placed) == placed


@given(st.integers(2, 30), st.data())
def test_a_moved_part_changes_its_own_number_alone(count: int, data: st.DataObject) -> None:
    numbers = [STEP * (index + 1) for index in range(count)]
    source = data.draw(st.integers(0, count - 1))
    target = data.draw(st.integers(0, count - 1))
    moved: list[int | None] = [number for index, number in enumerate(numbers) if index != source]
    moved.insert(target, numbers[source])
    assert changed(moved, assign_numbers(moved)) <= 1


def test_where_the_gap_is_full_all_are_renumbered() -> None:
    assert assign_numbers([1, None, 2]) == [STEP, 2 * STEP, 3 * STEP]

"""A set of numbers at one bit each."""

from __future__ import annotations

from hypothesis import given, strategies as st

from stories.domain.text.number_set import NumberSet


@given(st.lists(st.integers(-(2**63), 2**63) | st.integers(0, 20_000)), st.integers(0, 20_000))
def test_it_holds_what_a_set_holds(numbers: list[int], other: int) -> None:
    held = NumberSet()
    for number in numbers:
        held.add(number)
    assert len(held) == len(set(numbers))
    assert all(number in held for number in numbers)
    assert (other in held) == (other in numbers)

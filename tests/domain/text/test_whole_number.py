"""A number in an address fits into its column, or is none."""

from __future__ import annotations

import pytest

from stories.domain.text.whole_number import whole_number


@pytest.mark.parametrize(("written", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 9, 10**9 - 1)])
def test_digits_are_a_number(written: str, number: int) -> None:
    assert whole_number(written) == number


@pytest.mark.parametrize(
    "written", ["", " 1", "-1", "+1", "1.0", "1e3", "1_000", "x", "٣", "³", "1\n", "9" * 10, "9" * 5_000]
)
def test_anything_else_is_none(written: str) -> None:
    assert whole_number(written) is None


def test_a_large_column_holds_more_digits() -> None:
    assert whole_number("9" * 18, digits=18) == 10**18 - 1
    assert whole_number("9" * 19, digits=18) is None

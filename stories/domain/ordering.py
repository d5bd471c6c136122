"""Assign numbers for an order, changing as few as possible, so that a move is one row of history."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

STEP = 1024


def assign_numbers(numbers: Sequence[int | None]) -> list[int]:
    """Return strictly rising numbers for a sequence, preserving as many of the present ones as possible.

    `numbers` are the present ones in the new order, None for a new element. If a gap is too small, all are renumbered.
    """
    unchanged = _longest_rising(numbers)
    assigned: list[int | None] = [
        number if index in unchanged else None for index, number in enumerate(numbers)
    ]
    index = 0
    while index < len(assigned):
        if assigned[index] is not None:
            index += 1
            continue
        end = index
        while end < len(assigned) and assigned[end] is None:
            end += 1
        count = end - index
        low = assigned[index - 1] if index else None
        high = assigned[end] if end < len(assigned) else None
        if high is None:
            start = low if low is not None else 0
            fresh = [start + STEP * (offset + 1) for offset in range(count)]
        elif low is None:
            fresh = [high - STEP * (count - offset) for offset in range(count)]
        else:
            if high - low <= count:
                return [STEP * (position + 1) for position in range(len(assigned))]
            fresh = [low + (high - low) * (offset + 1) // (count + 1) for offset in range(count)]
        assigned[index:end] = fresh
        index = end
    return [number for number in assigned if number is not None]


def _longest_rising(numbers: Sequence[int | None]) -> set[int]:
    """Return the indices of a longest strictly rising subsequence, skipping None."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for index, number in enumerate(numbers):
        if number is None:
            continue
        position = bisect_left(tails, number)
        before[index] = ends[position - 1] if position else None
        tails[position : position + 1] = [number]
        ends[position : position + 1] = [index]
    unchanged: set[int] = set()
    at: int | None = ends[-1] if ends else None
    while at is not None:
        unchanged.add(at)
        at = before[at]
    return unchanged

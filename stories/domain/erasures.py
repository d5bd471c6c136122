"""What an erasure does to the proof: an entry's digest stays, and the erasure says which digest follows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

# A model's name and a row's number: of history rows the `history_id`, of all others the primary key.
Row = tuple[str, int]
# A digest before and the digest after, in hex.
Step = tuple[str, str]


def steps_by_row(erased: Iterable[Sequence[Any]]) -> dict[Row, list[Step]]:
    """The rows of erasures (model, number, digest before, digest after), oldest erasure first, by the row."""
    steps: dict[Row, list[Step]] = {}
    for model, number, before, after in erased:
        steps.setdefault((model, number), []).append((before, after))
    return steps


def digest_now(written: str, steps: Iterable[Step]) -> str | None:
    """The digest that a row has after its erasures, if it was written with this one.

    None where an erasure does not start from what the one before left: then none of them explains anything.
    """
    digest = written
    for before, after in steps:
        if before != digest:
            return None
        digest = after
    return digest

"""Parse numbers in addresses and forms, which may contain anything."""

from __future__ import annotations


def whole_number(written: str, *, digits: int = 9) -> int | None:
    """Return the number that a text consists of in decimal digits, None for other text or more than `digits` digits.

    Nine digits fit into any integer column, eighteen into a big one.
    """
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= digits else None

"""Numbers out of addresses and forms, where anything at all may stand."""

from __future__ import annotations


def whole_number(written: str, *, digits: int = 9) -> int | None:
    """Return the number that a text is in decimal digits, None for any other text and for more than `digits` of them.

    Nine digits fit into every integer column, eighteen into that of a large one.
    """
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= digits else None

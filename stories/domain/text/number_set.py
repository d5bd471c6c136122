"""A set of whole numbers that lie close together, at a bit each: the keys of all rows of a table."""

from __future__ import annotations

from typing import Final

_PAGE_BYTES: Final = 1024
_PAGE_BITS: Final = _PAGE_BYTES * 8


class NumberSet:
    """Whole numbers. A million in a row take 125 KB, where a set would take 60 MB."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        page, bit = divmod(number, _PAGE_BITS)
        if page not in self._pages:
            self._pages[page] = bytearray(_PAGE_BYTES)
        self._pages[page][bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, number: int) -> bool:
        page, bit = divmod(number, _PAGE_BITS)
        return page in self._pages and bool(self._pages[page][bit >> 3] & 1 << (bit & 7))

    def __len__(self) -> int:
        return sum(int.from_bytes(page, "big").bit_count() for page in self._pages.values())

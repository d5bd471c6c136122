"""A set of whole numbers that are close together, at one bit each: the keys of all rows of a table."""

from __future__ import annotations

from typing import Final

_PAGE_BYTES: Final = 1024
_PAGE_BITS: Final = _PAGE_BYTES * 8


class NumberSet:
    """A set of whole numbers. A million consecutive ones take 125 KB, instead of the 60 MB of a set."""

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

"""Find the page, film or sound that an element embeds."""

from __future__ import annotations

import re
from typing import Any, Final

from stories.domain.archive.elements import LAZY, address_in, drop, is_web_address

_ADDRESSES: Final = ("src", "data", *LAZY)
# An address with the scheme of its page, which may have been either.
_ANY_SCHEME = re.compile(r"^//")


def frame_address(element: Any) -> str:
    """Return the web address that an element embeds once all scripts of its page have run, "" if there is none."""
    inner = [each for name in ("source", "embed", "iframe") for each in element.iterdescendants(name)]
    addresses = (
        _ANY_SCHEME.sub("https://", address_in(each.get(name)))
        for each in (element, *inner)
        for name in _ADDRESSES
    )
    return next(filter(is_web_address, addresses), "")


def drop_frame_copies(root: Any) -> None:
    """Remove the copies of lazily loaded frames from `noscript`."""
    for element in list(root.iter("noscript")):
        copy = element.find(".//iframe")
        if copy is None:
            continue
        neighbours = (each for each in (element.getprevious(), element.getnext()) if each is not None)
        frames = (frame for each in neighbours for frame in each.iter("iframe"))
        if any(frame.get(name) == copy.get("src") for frame in frames for name in LAZY):
            drop(copy)

"""Find the picture that an `img` shows once all scripts of its page have run."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from typing import Any, Final

from stories.domain.archive.elements import LAZY, SETS, address_in

# File names of placeholders that are displayed until the picture is loaded.
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|transparent|pixel|lazy|lazyload|loading|1x1|empty|trans|clear)"
    r"(?:[_.-][^/]*)?\.(?:gif|png|svg|jpe?g|webp)(?:[?#].*)?$",
    re.IGNORECASE,
)
# A drawing or picture in a data URL shorter than this is a placeholder.
_SHORTEST_DATA: Final = 1000
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)([wx])")


def resolve_lazy_pictures(root: Any) -> None:
    """Give every lazily loaded `img` of a page its real address, and remove its copy in `noscript`."""
    for element in list(root.iter("noscript")):
        image = element.find(".//img")
        if image is None:
            continue
        lazy = _lazy_neighbour(element)
        if lazy is not None:
            if _is_unloaded(lazy):
                lazy.set("src", image.get("src", ""))
            if not lazy.get("alt") and image.get("alt"):
                lazy.set("alt", image.get("alt"))
            _drop(image)


def picture_address(image: Any) -> str:
    """Return the address of the picture that an `img` shows once loaded, "" if there is none."""
    address = address_in(image.get("src"))
    for name in LAZY:
        real = address_in(image.get(name))
        if real and not _is_placeholder(real):
            return real
    if address and not _is_placeholder(address):
        return address
    sources = [image]
    parent = image.getparent()
    # A `source` has no end tag, so the parser may put what follows it inside.
    while parent is not None and parent.tag in ("picture", "source"):
        sources += [parent, *parent.iterchildren("source")]
        parent = parent.getparent()
    for source in sources:
        for name in SETS:
            largest = _largest(source.get(name, ""))
            if largest:
                return largest
    return ""


def is_counter(image: Any) -> bool:
    """Return whether an `img` is a tracking pixel."""
    sizes = [image.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return all(size in ("0", "1") for size in sizes)


def _lazy_neighbour(element: Any) -> Any:
    """Return the lazily loaded `img` that a `noscript` has a copy of, or None."""
    for neighbour in (element.getprevious(), element.getnext()):
        if neighbour is None:
            continue
        image = neighbour if neighbour.tag == "img" else neighbour.find(".//img")
        if image is not None and neighbour.tag in ("img", "a", "picture", "span", "div") and _is_lazy(image):
            return image
    return None


def _is_lazy(image: Any) -> bool:
    return any(image.get(name) for name in (*LAZY, *SETS[1:])) or _is_unloaded(image)


def _is_unloaded(image: Any) -> bool:
    return not picture_address(image)


def _is_placeholder(address: str) -> bool:
    """Return whether an address is that of a placeholder picture."""
    if not address.lower().startswith("data:"):
        return _PLACEHOLDER.search(address) is not None
    head, _comma, data = address.partition(",")
    if "svg" in head:
        return len(address) < _SHORTEST_DATA and "text" not in data and "path" not in data
    return len(address) < _SHORTEST_DATA and _is_dot(data)


def _is_dot(data: str) -> bool:
    """Return whether the beginning of a picture's file, in base 64, says that it has a single pixel."""
    try:
        start = b64decode(data[:64] + "=" * (-len(data[:64]) % 4))
    except (Error, ValueError):
        return False
    if start.startswith(b"GIF8"):
        return start[6:10] == b"\x01\x00\x01\x00"
    if start.startswith(b"\x89PNG"):
        return start[16:24] == b"\x00\x00\x00\x01\x00\x00\x00\x01"
    return False


def _largest(candidates: str) -> str:
    """Return the largest picture of a `srcset`."""
    found: dict[str, float] = {}
    for candidate in re.split(r",\s+", candidates.strip()):
        address, *sizes = candidate.strip(", \t\n\r\f").split()[:2] or [""]
        size = _SIZE.fullmatch(sizes[0]) if sizes else None
        if address and not _is_placeholder(address):
            # A density of 2 occurs next to one of 1, never next to a width.
            found[address] = float(size[1]) if size else 1.0
    return max(found, key=lambda address: found[address], default="")


def _drop(image: Any) -> None:
    """Remove an element from its page; the text after it remains."""
    parent, tail = image.getparent(), image.tail
    if tail:
        previous = image.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(image)

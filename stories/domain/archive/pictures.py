"""Find the picture that an `img` shows once all scripts of its page have run."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from typing import Any, Final

from stories.domain.archive.elements import (
    LAZY,
    LONGEST_PICTURE_ADDRESS,
    SETS,
    address_in,
    classes,
    drop,
    scheme,
    styles,
)

# The words of which the file names of placeholders consist, which are displayed until the picture is loaded. A picture
# of empty shelves has another word in its name.
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?=[^/]*(?:blank|spacer|placeholder|transparent|pixel|lazy|load|1x1|empty|trans|clear))"
    r"(?:(?:ajax|blank|clear|default|dummy|empty|gif|image|img|lazy|load|loader|loading|photo|pic|picture|pixel"
    r"|placeholder|preload|preloader|px|spacer|spinner|thumb|thumbnail|trans|transparent|(?<!\d)\d+(?!\d)(?:x\d+(?!\d))?)[_.-]?)+"
    r"\.(?:gif|png|svg|jpe?g|webp)(?:[?#].*)?$",
    re.IGNORECASE,
)
# Attributes that are not addresses of the picture itself.
_OTHER: Final = frozenset(
    ("src", "alt", "title", "class", "id", "longdesc", "data-caption", "data-link", "data-href")
)
_FILE = re.compile(r"[^\s,{}\"']+\.(?:jpe?g|png|gif|webp|avif)(?:[?#][^\s{}\"']*)?", re.IGNORECASE)
# A drawing or picture in a data URL shorter than this is a placeholder.
_SHORTEST_DATA: Final = 1000
_EMOJI: Final = frozenset(("emoji", "wp-smiley", "Emoji", "twemoji"))
# A family of four with tones of skin.
_LONGEST_EMOJI: Final = 16
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)([wx])")


def resolve_lazy_pictures(root: Any) -> None:
    """Give every lazily loaded `img` of a page its real address, and remove its copy in `noscript`."""
    for element in list(root.iter("noscript")):
        copy = element.find(".//img")
        if copy is None:
            continue
        lazy = _lazy_neighbour(element)
        if lazy is not None:
            if _is_unloaded(lazy):
                lazy.set("src", copy.get("src", ""))
            if not lazy.get("alt") and copy.get("alt"):
                lazy.set("alt", copy.get("alt"))
            drop(copy)


def picture_address(image: Any) -> str:
    """Return the address of the picture that an `img` shows once loaded, "" if there is none."""
    found = _loaded_address(image)
    address = address_in(image.get("src"))
    if not found and image.get("alt") and not address.lower().startswith("data:"):
        # It looks like a placeholder, but there is no other picture, and it has something to say.
        return address
    return found


def is_picture_address(address: str) -> bool:
    """Return whether an address can be that of a picture, and can be stored."""
    if address.startswith("data:image/"):
        return True
    return len(address) <= LONGEST_PICTURE_ADDRESS and scheme(address) in ("", "http", "https")


def is_emoji(image: Any) -> bool:
    """Return whether an `img` stands for the emoji in its alternative text, as WordPress and Twitter write them."""
    return not _EMOJI.isdisjoint(classes(image)) and 0 < len(image.get("alt", "")) <= _LONGEST_EMOJI


def is_counter(image: Any) -> bool:
    """Return whether an `img` is a tracking pixel."""
    style = styles(image)
    sizes = [style.get(name) or image.get(name, "").strip() for name in ("width", "height")]
    return all(size.removesuffix("px") in ("0", "1") for size in sizes) and not _late_address(image)


def _loaded_address(image: Any) -> str:
    late = _late_address(image)
    if late:
        return late
    address = address_in(image.get("src"))
    is_stop_gap = address.lower().startswith("data:") and len(address) < _SHORTEST_DATA
    if address and not is_stop_gap and not _is_placeholder(address):
        return address
    return _attribute_address(image) or _set_address(image) or ("" if _is_placeholder(address) else address)


def _late_address(image: Any) -> str:
    """Return the address that a script gives to an `img`, from one of the attributes known for it."""
    addresses = (address_in(image.get(name)) for name in LAZY)
    return next((address for address in addresses if address and not _is_placeholder(address)), "")


def _attribute_address(image: Any) -> str:
    """Return the address of a picture's file in whichever attribute has one: each script has its own."""
    addresses = (address_in(value) for name, value in image.attrib.items() if name not in _OTHER)
    return next(
        (address for address in addresses if _FILE.fullmatch(address) and not _is_placeholder(address)), ""
    )


def _set_address(image: Any) -> str:
    """Return the largest picture among those that an `img`, or the `picture` around it, chooses from."""
    sources = [image]
    parent = image.getparent()
    # A `source` has no end tag, so the parser may put what follows it inside.
    while parent is not None and parent.tag in ("picture", "source"):
        sources += [parent, *parent.iterchildren("source")]
        parent = parent.getparent()
    sets = (value for source in sources for name, value in source.attrib.items() if name.endswith("srcset"))
    return next(filter(None, map(_largest, sets)), "")


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
    return not _loaded_address(image)


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
    # A comma ends a candidate if white space, or a size before it, says so (HTML standard, 4.8.4.2.2).
    for candidate in re.split(r",\s+|(?<=\d[wx]),", candidates.strip()):
        address, *sizes = candidate.strip(", \t\n\r\f").split()[:2] or [""]
        size = _SIZE.fullmatch(sizes[0]) if sizes else None
        if address and not _is_placeholder(address):
            # A density of 2 occurs next to one of 1, never next to a width.
            found[address] = float(size[1]) if size else 1.0
    return max(found, key=lambda address: found[address], default="")

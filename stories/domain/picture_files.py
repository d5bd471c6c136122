"""Remove the metadata of picture files: where the picture was taken, when, with what, by whom.

Each format is a sequence of chunks. Those that a browser needs to draw the picture are copied byte for byte, so that
no quality is lost and a file without metadata remains identical.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
# The picture itself, its palette, transparency, colours and frames.
_PNG_CHUNKS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT".split()
)
_WEBP_CHUNKS: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
# The flags of VP8X for Exif data and XMP data.
_WEBP_METADATA_FLAGS: Final = 0b1100


class UnreadablePicture(ValueError):
    """The file is not of the expected format, or is truncated."""


def strip_metadata(kind: str, data: bytes) -> bytes:
    """Return the file without metadata; idempotent. `kind` is jpeg, png, webp or gif.

    What follows the picture's end is removed too. Raise UnreadablePicture if the file is not of that kind or
    truncated.
    """
    try:
        return b"".join(_READERS[kind](data))
    except (IndexError, struct.error) as error:
        raise UnreadablePicture(f"This {kind} file is cut off.") from error


def _jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != b"\xff\xd8":
        raise UnreadablePicture("This is no JPEG file.")
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise UnreadablePicture("This JPEG file is broken.")
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        if marker == 0xD9:
            yield data[at : at + 2]
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if end > len(data):
            raise UnreadablePicture("This JPEG file is cut off.")
        if _is_needed_segment(marker, data[at + 4 : at + 18]):
            yield data[at:end]
        at = end
        if marker == 0xDA:
            at = _scan_end(data, end)
            yield data[end:at]


def _scan_end(data: bytes, at: int) -> int:
    """Return the end of a scan's data: the next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise UnreadablePicture("This JPEG file is cut off.")
        following = data[at + 1]
        if following not in (0x00, 0xFF) and not 0xD0 <= following <= 0xD7:
            return at
        at += 1 if following == 0xFF else 2


def _is_needed_segment(marker: int, start: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return start.startswith((b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"))
    return marker != 0xFE


def _png(data: bytes) -> Iterator[bytes]:
    if data[:8] != _PNG_START:
        raise UnreadablePicture("This is no PNG file.")
    yield data[:8]
    at = 8
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if end > len(data):
            raise UnreadablePicture("This PNG file is cut off.")
        if kind in _PNG_CHUNKS:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    start, size, form = struct.unpack_from("<4sI4s", data)
    if start != b"RIFF" or form != b"WEBP":
        raise UnreadablePicture("This is no WebP file.")
    chunks: list[bytes] = []
    at, last = 12, min(size + 8, len(data))
    while at < last:
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        if end > len(data):
            raise UnreadablePicture("This WebP file is cut off.")
        if kind == b"VP8X":
            chunks.append(
                data[at : at + 8] + bytes([data[at + 8] & ~_WEBP_METADATA_FLAGS]) + data[at + 9 : end]
            )
        elif kind in _WEBP_CHUNKS:
            chunks.append(data[at:end])
        at = end
    yield struct.pack("<4sI4s", b"RIFF", sum(map(len, chunks)) + 4, b"WEBP")
    yield from chunks


def _gif(data: bytes) -> Iterator[bytes]:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise UnreadablePicture("This is no GIF file.")
    at = 13 + _gif_palette(data[10])
    yield data[:at]
    while data[at] != 0x3B:
        begin = at
        if data[at] == 0x2C:
            at = _gif_blocks(data, at + 11 + _gif_palette(data[at + 9]))
            yield data[begin:at]
        elif data[at] == 0x21:
            at = _gif_blocks(data, at + 2)
            # Only the extensions that control a frame's display, and the repetition of frames.
            loops = data[begin + 1] == 0xFF and data[begin + 3 : begin + 14] in (
                b"NETSCAPE2.0",
                b"ANIMEXTS1.0",
            )
            if data[begin + 1] == 0xF9 or loops:
                yield data[begin:at]
        else:
            raise UnreadablePicture("This GIF file is broken.")
    yield b"\x3b"


def _gif_palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks(data: bytes, at: int) -> int:
    """Return the end of the sub-blocks that begin at `at`."""
    while data[at]:
        at += data[at] + 1
    return at + 1


_READERS: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "gif": _gif,
}

"""Read archives line by line, gzipped or not, never a whole file at once."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

try:
    import resource
except ImportError:  # pragma: no cover - not there on Windows
    resource = None  # type: ignore[assignment]

# The longest real story has a hundredth of this.
MOST_LINE_BYTES: Final = 100_000_000
_GZIP: Final = b"\x1f\x8b"


class CutOff(Exception):
    """A file that can't be read to its end; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, numbered from 1. `content` is None if it is too long; `read` counts the file's bytes so far."""

    number: int
    content: bytes | None
    read: int


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the lines of an archive that are not empty. Raises CutOff, OSError."""
    with path.open("rb") as raw:
        zipped = raw.peek(2)[:2] == _GZIP
        file = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if zipped else raw
        number = 0
        while True:
            try:
                content = file.readline(MOST_LINE_BYTES)
                too_long = len(content) == MOST_LINE_BYTES and not content.endswith(b"\n")
                while too_long and content and not content.endswith(b"\n"):
                    content = file.readline(MOST_LINE_BYTES)
            except (EOFError, OSError, zlib.error) as error:
                raise CutOff(
                    f"The file breaks off or is damaged after line {number}. What stands before was read; "
                    "fetch the file again, then import it: what is here already is skipped."
                ) from error
            if not content and not too_long:
                return
            number += 1
            if too_long or content.strip():
                yield Line(number, None if too_long else content, raw.tell())


def peak_memory() -> int:
    """Return the peak memory of this process in bytes, 0 if the system does not report it."""
    if resource is None:  # pragma: no cover
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

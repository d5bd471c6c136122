"""Cursors of lists: the key of a page's last row, by which the next page is requested. Newer rows do not shift it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_FORM: Final = "%Y%m%dT%H%M%S.%fZ"
_CURSOR: Final = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)((?:-\d{1,18})+)")


def cursor(moment: datetime, *numbers: int) -> str:
    """Return the key of a row that is ordered by a time and then by numbers."""
    return "-".join([moment.astimezone(UTC).strftime(_FORM), *map(str, numbers)])


def read_cursor(written: str, *, numbers: int) -> tuple[datetime, list[int]] | None:
    """Return the time and the numbers that a key was made from, None if it is no such key."""
    match = _CURSOR.fullmatch(written) if written.isascii() else None
    if match is None:
        return None
    found = [int(number) for number in match[2].split("-")[1:]]
    try:
        moment = datetime.strptime(match[1], _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment, found) if len(found) == numbers else None

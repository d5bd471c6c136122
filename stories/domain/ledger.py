"""The ledger's arithmetic: canonical JSON, digests of rows, the chain.

For each row that it covers and for the words of its own event, an entry has SHA-256(salt + canonical row) and nothing
of their text. The salt is stored next to the text, so that erasing both leaves a digest that reveals nothing and a
chain that still verifies. digest(n) = SHA-256(digest(n-1) + SHA-256(payload(n))).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

Value = str | int | bool | None | datetime | date | UUID

_PLAIN_TYPES: Final = frozenset({str, int, bool, type(None)})

# What the first entry is chained to.
GENESIS = bytes(32)

# The least number of words of each size of a change: none, a few, some, many.
MAGNITUDES: Final = (0, 1, 10, 100)


def canonical_json(value: object) -> bytes:
    """Return the canonical JSON of a value, RFC 8785 as far as it is needed here: no floats, ASCII keys.

    Raise TypeError for a float (whose canonical form is subtle) and for anything that JSON lacks.
    """
    _refuse_floats(value)
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("The ledger holds no floating-point numbers.")
    if isinstance(value, dict):
        for key in value:
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError(f"The ledger's keys are ASCII text, not {key!r}.")
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return
    for item in value:
        # Nearly all values have one of these types: a call for each would take as long as writing it.
        if type(item) not in _PLAIN_TYPES:
            _refuse_floats(item)


def canonical_time(moment: datetime) -> str:
    """Return an aware time as text in UTC, to the microsecond. Raise ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone.")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _canonical(value: Value) -> str | int | bool | None:
    if isinstance(value, datetime):
        return canonical_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def row_digest(salt: bytes, model: str, values: Sequence[Value]) -> str:
    """Return the digest of one row in hex: of its salt, its model's name and its values in the order of the form."""
    row = canonical_json([model, *(_canonical(value) for value in values)])
    return sha256(salt + row).hexdigest()


def entry_digest(previous: bytes, payload: bytes) -> bytes:
    """Return the digest that chains an entry's payload (canonical JSON) to the 32 bytes of the entry before."""
    return sha256(previous + sha256(payload).digest()).digest()


def columns(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry's columns, which repeat parts of its payload for look-ups."""
    user_id, user_name = payload["by"]
    return {
        "sequence": payload["sequence"],
        "kind": payload["kind"],
        "event_id": payload["event"],
        "article_id": payload["article"],
        "recorded_at": payload["at"],
        "user_id": user_id,
        "user_name": user_name,
        "publication_class": payload.get("class", ""),
        "size": magnitude(_words(payload)),
    }


def magnitude(words: int) -> int:
    """Return the size of a change of so many words, as an index into MAGNITUDES."""
    return bisect_right(MAGNITUDES, words) - 1


def _words(payload: Mapping[str, Any]) -> int:
    """Return how many words were added and removed, from a publication's entry or from a revision's changes."""
    changes = payload["changes"] if payload["kind"] == "revision" else ()
    counts = [*payload.get("words", ()), *(words for change in changes for words in change[-2:])]
    return sum(map(int, counts))

"""JSON as the ledger writes it, and the digests of it."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from stories.domain.dossier.checker.formats import TIME, Row


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def same_json(one: Any, other: Any) -> bool:
    """Return whether two values have the same JSON: in Python 1 also equals 1.0 and True."""
    return canonical(one) == canonical(other)


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def row_digest(salt: str, model: str, values: list[Any]) -> str:
    return digest_of(bytes.fromhex(salt) + canonical([model, *values]))


def parse_json(data: bytes) -> Any:
    """Parse JSON with unique names and whole numbers only. Raise ValueError for any other."""

    def once(pairs: list[tuple[str, Any]]) -> Row:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice in it")
        return dict(pairs)

    def no_number(text: str) -> Any:
        raise ValueError(f"{text[:40]} stands in it, where only whole numbers do")

    return json.loads(data.decode(), object_pairs_hook=once, parse_float=no_number, parse_constant=no_number)


def int_or_none(value: Any) -> "int | None":
    """Return a value if it is an integer, else None."""
    return value if type(value) is int else None


def is_time(value: Any) -> bool:
    """Return whether a value is a time as the ledger writes it, of a day and an hour that there are."""
    try:
        datetime.strptime(value.replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z")
    except (AttributeError, ValueError):
        return False
    return bool(TIME.fullmatch(value))

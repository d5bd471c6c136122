"""Parse payloads without trusting them: whoever can change a row can change its payload."""

from __future__ import annotations

import json
from typing import Any

from stories.domain.ledger import canonical_json
from stories.models import EntryKind
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.queries.verification.findings import UNREADABLE


def parsed(payload: str) -> dict[str, Any] | None:
    """Return the payload as data, None if it is not canonical JSON of the expected shape."""
    try:
        data = json.loads(payload)
        canonical = canonical_json(data).decode() == payload
    except (*UNREADABLE, RecursionError):
        return None
    return data if canonical and _well_formed(data) else None


def _well_formed(payload: Any) -> bool:
    if not isinstance(payload, dict) or not isinstance(payload.get("event"), int):
        return False
    rows = payload.get("rows", [])
    return (
        payload.get("kind") in JOURNALS
        and isinstance(payload.get("form"), int)
        and isinstance(payload.get("said"), str)
        and isinstance(payload.get("after", ""), int | None)
        and isinstance(rows, list)
        and all(
            isinstance(row, list)
            and len(row) == 5
            and row[0] in HISTORIES
            and isinstance(row[3], int)
            and all(isinstance(value, str) for value in (row[1], row[2], row[4]))
            for row in rows
        )
        and (payload["kind"] != EntryKind.ERASURE or _erases(payload.get("erased")))
    )


def _erases(rows: Any) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, list)
        and len(row) == 4
        and isinstance(row[1], int)
        and all(isinstance(value, str) for value in (row[0], row[2], row[3]))
        for row in rows
    )

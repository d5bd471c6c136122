"""The ledger's arithmetic, compared with figures that were computed independently."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from stories.domain.ledger import GENESIS, canonical_json, canonical_time, entry_digest, row_digest


def test_canonical_json_sorts_keys_writes_no_space_and_keeps_letters_as_they_are() -> None:
    assert (
        canonical_json({"b": 1, "a": ["é", None, True, '"']}) == '{"a":["é",null,true,"\\""],"b":1}'.encode()
    )


@pytest.mark.parametrize("value", [1.5, {"a": [1.0]}, {"é": 1}, {1: 1}, [object()]])
def test_what_has_no_single_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_a_time_is_written_in_utc_to_the_microsecond() -> None:
    east = datetime(2026, 3, 2, 10, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    assert canonical_time(east) == "2026-03-02T09:00:00.000007Z"
    with pytest.raises(ValueError, match="no time zone"):
        canonical_time(datetime(2026, 3, 2))  # noqa: DTZ001 - the naive time is the point


def test_a_rows_digest_is_of_its_salt_model_and_values_in_order() -> None:
    values = (7, "words", None, True, date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), UUID(int=1))
    row = (
        '["textblock",7,"words",null,true,"2026-03-02","2026-03-02T00:00:00.000000Z",'
        '"00000000-0000-0000-0000-000000000001"]'
    )
    assert row_digest(b"salt", "textblock", values) == hashlib.sha256(b"salt" + row.encode()).hexdigest()
    assert row_digest(b"tlas", "textblock", values) != row_digest(b"salt", "textblock", values)


def test_an_entry_is_chained_to_the_one_before() -> None:
    first = entry_digest(GENESIS, b"{}")
    assert first == hashlib.sha256(bytes(32) + hashlib.sha256(b"{}").digest()).digest()
    assert entry_digest(first, b"{}") != first

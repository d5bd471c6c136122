"""Keys are sent in the fewest requests that their limits allow."""

from __future__ import annotations

from stories.domain.surrogate_keys import MAX_BYTES, MAX_KEYS, batches, count_fitting


def test_each_key_is_named_once_and_in_its_order() -> None:
    assert list(batches(["story-1", "lists", "story-2", "lists", "story-1"])) == [
        ["story-1", "lists", "story-2"]
    ]
    assert list(batches([])) == []


def test_a_request_names_no_more_keys_than_caches_take_at_once() -> None:
    keys = [f"story-{number}" for number in range(2 * MAX_KEYS + 1)]
    sizes = [len(batch) for batch in batches(keys)]
    assert sizes == [MAX_KEYS, MAX_KEYS, 1]


def test_a_request_fits_into_one_header() -> None:
    keys = [f"{number:0100}" for number in range(200)]
    found = list(batches(keys))
    assert all(len(" ".join(batch)) < MAX_BYTES for batch in found)
    assert [key for batch in found for key in batch] == keys
    assert list(batches(["x" * 2 * MAX_BYTES, "y"])) == [["x" * 2 * MAX_BYTES], ["y"]]


def test_purges_are_joined_while_one_request_takes_them() -> None:
    purges = [[f"story-{number}", "lists"] for number in range(1_000)]
    assert count_fitting(purges) == MAX_KEYS - 1
    assert len(list(batches(key for purge in purges[: count_fitting(purges)] for key in purge))) == 1
    assert count_fitting(purges[:3]) == 3
    # A purge too large for one request is sent by itself.
    assert count_fitting([[f"picture-{number}" for number in range(1_000)], ["lists"]]) == 1

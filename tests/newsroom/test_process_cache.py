"""The process's own cache never holds more than it may."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from newsroom.process_cache import ProcessCache


@pytest.fixture
def cache() -> Iterator[ProcessCache]:
    made = ProcessCache(str(uuid4()), {"OPTIONS": {"MAX_BYTES": 1_000}, "TIMEOUT": None})
    yield made
    made.clear()


def test_what_was_set_is_there(cache: ProcessCache) -> None:
    cache.set("page", "words")
    assert cache.get("page") == "words"


def test_what_was_not_used_for_longest_goes_first(cache: ProcessCache) -> None:
    for name in "abc":
        cache.set(name, b"x" * 300)
    cache.get("a")
    cache.set("d", b"x" * 300)
    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]


def test_it_never_holds_more_than_it_may(cache: ProcessCache) -> None:
    for number in range(100):
        cache.set(str(number % 7), b"x" * (number * 13 % 400))
        assert cache.size <= 1_000


def test_what_is_larger_than_all_of_it_is_not_kept_and_takes_the_old_one_with_it(cache: ProcessCache) -> None:
    cache.set("page", b"old")
    cache.set("page", b"x" * 2_000)
    assert cache.get("page") is None
    assert cache.size == 0


def test_setting_deleting_and_clearing_keep_the_count(cache: ProcessCache) -> None:
    for _ in range(3):
        cache.set("page", b"x" * 100)
    one = cache.size
    assert 100 <= one < 150
    cache.delete("page")
    cache.delete("page")
    assert cache.size == 0
    cache.set("page", b"x")
    cache.clear()
    assert cache.size == 0

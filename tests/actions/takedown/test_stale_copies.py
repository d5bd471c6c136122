"""Pages that were cached before a takedown are not displayed after it, even if its process dies at the commit."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.db import transaction

from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.domain.stale_copies import TAKEDOWN_KEY


@pytest.mark.django_db(transaction=True)
def test_copies_are_stale_at_once_and_again_once_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((100.0, 200.0))
    monkeypatch.setattr(time, "time", lambda: next(clock))
    stamps: list[float] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: stamps.append(value))
    with transaction.atomic():
        invalidate_stale_copies()
        assert stamps == [100.0]
    assert stamps == [100.0, 200.0]


@pytest.mark.django_db
def test_the_time_of_the_last_takedown_is_what_a_page_asks_for() -> None:
    assert cache.get(TAKEDOWN_KEY) is None
    before = time.time()
    invalidate_stale_copies()
    assert cache.get(TAKEDOWN_KEY) >= before

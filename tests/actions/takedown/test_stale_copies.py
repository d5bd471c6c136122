"""Pages that were cached before a takedown are not displayed after it, even if its process dies at the commit."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from stories.actions.takedown.stale_copies import invalidate_stale_copies, repeat_invalidation
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.stale_copies import TAKEDOWN_KEY, TAKEDOWN_SECONDS
from stories.models import Article, Ground, User
from tests.concurrency.stories import live_story


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


@pytest.fixture
def withheld(maya: User, settings: Settings) -> Article:
    """A story whose words were withheld while the shared cache did not answer."""
    settings.SHARED_CACHE = True
    article = live_story(maya)
    withhold_words(article=article, words="council met", ground=Ground.LEGAL, reason="As agreed", user=maya)
    cache.delete(TAKEDOWN_KEY)
    return article


@pytest.mark.usefixtures("withheld")
@pytest.mark.parametrize("known", [0.0, 1.0])
def test_a_takedown_that_the_cache_did_not_learn_of_is_repeated_once_it_answers(known: float) -> None:
    cache.set(TAKEDOWN_KEY, known)
    before = time.time()
    repeat_invalidation(at=timezone.now())
    assert cache.get(TAKEDOWN_KEY) >= before


@pytest.mark.usefixtures("withheld")
def test_a_takedown_that_the_cache_knows_is_not_repeated(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cache.set(TAKEDOWN_KEY, known := time.time())
    with django_assert_num_queries(1):
        repeat_invalidation(at=timezone.now())
    assert cache.get(TAKEDOWN_KEY) == known


@pytest.mark.usefixtures("withheld")
def test_a_takedown_that_is_older_than_any_copy_is_not_repeated() -> None:
    repeat_invalidation(at=timezone.now() + timedelta(seconds=TAKEDOWN_SECONDS + 1))
    assert cache.get(TAKEDOWN_KEY) is None


@pytest.mark.usefixtures("withheld")
def test_without_a_shared_cache_there_are_no_copies_to_invalidate(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.SHARED_CACHE = False
    with django_assert_num_queries(0):
        repeat_invalidation(at=timezone.now())

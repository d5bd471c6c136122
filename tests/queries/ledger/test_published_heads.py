"""Whether the database has the newest head that was published."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from stories.actions.record.published_heads import publish_head
from stories.domain.published_head import PublishedHead
from stories.models import LedgerEntry, User
from stories.queries.ledger import published_heads
from stories.queries.ledger.published_heads import (
    LedgerState,
    cache_key,
    head_file,
    ledger_state,
    lost_head,
    published_heads as all_published,
    read_head_file,
)
from tests.factories import begin, change
from tests.older_copies import GONE, make_older

pytestmark = pytest.mark.django_db


@pytest.fixture
def state(heads: Path, editor: User) -> LedgerState:
    """A ledger of two entries, none of which was published."""
    article = begin(user=editor)
    change(article, user=editor, dek="More")
    found = ledger_state()
    assert found is not None
    return found


def test_a_ledger_is_named_by_its_first_entry(state: LedgerState) -> None:
    first, second = LedgerEntry.objects.order_by("sequence")
    assert state.name == bytes(first.digest).hex()
    assert state.head == PublishedHead(0, 2, bytes(second.digest).hex())


def test_before_the_first_entry_there_is_no_ledger(heads: Path, db: None) -> None:
    assert ledger_state() is None
    assert lost_head() is None


def test_a_database_made_anew_has_another_name_and_lacks_nothing(state: LedgerState) -> None:
    publish_head(LedgerState("ef" * 32, PublishedHead(0, 500, GONE)))
    assert lost_head() is None


def test_a_database_that_is_as_far_or_further_lacks_nothing(state: LedgerState, editor: User) -> None:
    publish_head(state)
    assert lost_head() is None
    begin(user=editor)
    assert lost_head() is None


def test_a_database_that_ends_before_lacks_it(state: LedgerState) -> None:
    assert lost_head() is None
    lost = make_older(by=1)
    assert (lost_head(), lost.sequence) == (lost, 3)


def test_a_database_with_another_entry_there_lacks_it(state: LedgerState) -> None:
    lost = make_older(by=0)
    assert (lost_head(), lost.sequence) == (lost, 2)


def test_a_longer_ledger_that_forked_before_lacks_it(state: LedgerState) -> None:
    publish_head(LedgerState(state.name, PublishedHead(0, 1, GONE)))
    assert lost_head() == PublishedHead(0, 1, GONE)


def test_a_copy_from_before_an_accepted_one_lacks_it_however_long_it_is(state: LedgerState) -> None:
    publish_head(LedgerState(state.name, PublishedHead(1, 1, GONE)))
    assert lost_head() == PublishedHead(1, 1, GONE)


def test_the_newest_of_file_and_cache_counts(state: LedgerState, settings: Settings) -> None:
    settings.SHARED_CACHE = True
    publish_head(state)
    cache.set(cache_key(state.name), (0, 9, GONE), None)
    assert all_published(state.name) == [PublishedHead(0, 9, GONE), state.head]
    assert lost_head() == PublishedHead(0, 9, GONE)
    cache.clear()
    assert all_published(state.name) == [state.head]
    assert lost_head() is None
    # As on a host whose file was never written.
    cache.set(cache_key(state.name), (0, 9, GONE), None)
    head_file(state.name).unlink()
    assert all_published(state.name) == [PublishedHead(0, 9, GONE)]
    assert lost_head() == PublishedHead(0, 9, GONE)


def test_a_fork_is_found_by_either_of_two_that_disagree(state: LedgerState, settings: Settings) -> None:
    settings.SHARED_CACHE = True
    publish_head(state)
    cache.set(cache_key(state.name), (0, 2, GONE), None)
    assert lost_head() == PublishedHead(0, 2, GONE)
    cache.set(cache_key(state.name), (0, 2, state.head.digest), None)
    make_older(by=0)
    assert lost_head() == PublishedHead(0, 2, GONE)


@pytest.mark.parametrize("value", ["junk", (1,), (0, "9", GONE), 7])
def test_what_is_no_head_in_the_cache_is_none(state: LedgerState, settings: Settings, value: Any) -> None:
    settings.SHARED_CACHE = True
    cache.set(cache_key(state.name), value, None)
    assert all_published(state.name) == []


def test_a_file_that_is_no_head_is_as_none_and_in_the_log_once(
    state: LedgerState, caplog: pytest.LogCaptureFixture
) -> None:
    publish_head(state)
    head_file(state.name).write_text("half a")
    assert all_published(state.name) == []
    assert all_published(state.name) == []
    assert [record.getMessage().count(str(head_file(state.name))) for record in caplog.records] == [1]


def test_an_unchanged_file_is_read_once_and_a_changed_one_again(
    state: LedgerState, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_head(state)
    reads: list[Path] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    published_heads._files.clear()
    assert read_head_file(state.name) == read_head_file(state.name) == state.head
    assert len(reads) == 1
    data = json.loads(head_file(state.name).read_text())
    head_file(state.name).write_text(json.dumps(data | {"sequence": 7}))
    os.utime(head_file(state.name), (1, 1))
    assert read_head_file(state.name) == PublishedHead(0, 7, state.head.digest)


def test_the_state_is_one_query_and_what_is_lost_three_at_most(
    state: LedgerState, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        ledger_state()
    publish_head(LedgerState(state.name, PublishedHead(0, 1, GONE)))
    with django_assert_num_queries(3):
        lost_head()

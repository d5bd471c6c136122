"""The newest head is published after each commit, and nothing is appended behind it."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from stories.actions.errors import LedgerBehind
from stories.actions.record import published_heads
from stories.actions.record.published_heads import publish_head
from stories.domain.published_head import PublishedHead
from stories.models import Article, LedgerEntry, Revision, User
from stories.queries.ledger.heads import head
from stories.queries.ledger.published_heads import (
    LedgerState,
    cache_key,
    head_file,
    ledger_state,
    read_head_file,
)
from tests.factories import begin, change, wanted
from tests.older_copies import GONE, make_older

pytestmark = pytest.mark.django_db

NAME = "cd" * 32


def published() -> tuple[int, str]:
    """Return the published head's sequence and digest, as the file has them."""
    state = ledger_state()
    assert state is not None
    found = read_head_file(state.name)
    assert found is not None
    return found.sequence, found.digest


@pytest.mark.django_db(transaction=True)
def test_each_commit_publishes_its_head(heads: Path, editor: User) -> None:
    article = begin(user=editor)
    assert published() == head()
    change(article, user=editor, dek="More")
    assert published() == head()
    assert [path.suffix for path in heads.iterdir()] == [".json"]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_published(heads: Path, editor: User) -> None:
    begin(user=editor)
    before = head()
    with transaction.atomic():
        begin(wanted("Two"), user=editor)
        transaction.set_rollback(True)
    assert published() == before == head()


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_commit_and_file_is_harmless(
    heads: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begin(user=editor)
    with monkeypatch.context() as crash:
        crash.setattr(published_heads, "publish_head", lambda state: None)
        change(article, user=editor, dek="More")
    assert published()[0] == 1
    change(article, user=editor, dek="And more")
    assert published() == head()


@pytest.mark.parametrize("by", [0, 1, 5])
def test_nothing_is_appended_and_nothing_saved_behind_the_published_head(
    heads: Path, editor: User, by: int
) -> None:
    article = begin(user=editor)
    make_older(by=by)
    with (
        pytest.raises(
            LedgerBehind,
            match=rf"Nothing was saved: the database is an older copy. Its record ends with entry 1, and lacks entry "
            rf"{1 + by} as it was published",
        ),
        transaction.atomic(),
    ):
        change(article, user=editor, dek="More")
    assert (LedgerEntry.objects.count(), Revision.objects.count()) == (1, 1)
    assert Article.objects.get().dek == ""


def test_without_a_folder_nothing_is_published_or_refused(
    editor: User, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.SHARED_CACHE = True
    with django_capture_on_commit_callbacks() as callbacks:
        begin(user=editor)
    assert callbacks == []


@pytest.mark.parametrize("by", [0, 1])
def test_it_costs_no_query_while_the_newest_entry_is_published(
    heads: Path, editor: User, by: int, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    article = begin(user=editor)
    state = ledger_state()
    assert state is not None
    publish_head(state)
    for _other in range(by):
        change(article, user=editor, dek="Not published")
    found = ledger_state()
    assert found is not None
    with django_assert_num_queries(by):
        published_heads.refuse_older_copy(found)


def test_the_cache_has_the_newest_head_for_other_hosts(heads: Path, settings: Settings) -> None:
    settings.SHARED_CACHE = True
    publish_head(LedgerState(NAME, PublishedHead(0, 7, GONE)))
    assert cache.get(cache_key(NAME)) == (0, 7, GONE)
    publish_head(LedgerState(NAME, PublishedHead(0, 6, GONE)))
    assert cache.get(cache_key(NAME)) == (0, 7, GONE)
    # `erase` empties the cache; the file outlives that.
    cache.clear()
    publish_head(LedgerState(NAME, PublishedHead(0, 6, GONE)))
    assert cache.get(cache_key(NAME)) == (0, 7, GONE)


def test_a_head_that_comes_late_replaces_no_newer_one(heads: Path) -> None:
    publish_head(LedgerState(NAME, PublishedHead(0, 7, GONE)))
    publish_head(LedgerState(NAME, PublishedHead(0, 6, GONE)))
    assert read_head_file(NAME) == PublishedHead(0, 7, GONE)
    publish_head(LedgerState(NAME, PublishedHead(1, 3, GONE)))
    assert read_head_file(NAME) == PublishedHead(1, 3, GONE)


def test_a_file_that_can_not_be_read_is_written_anew(heads: Path) -> None:
    publish_head(LedgerState(NAME, PublishedHead(0, 7, GONE)))
    head_file(NAME).write_bytes(b"half a")
    publish_head(LedgerState(NAME, PublishedHead(0, 8, GONE)))
    assert read_head_file(NAME) == PublishedHead(0, 8, GONE)


def test_a_folder_that_can_not_be_written_fails_nothing_and_is_in_the_log_once(
    heads: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heads.write_text("a file in its place")
    with caplog.at_level(logging.WARNING):
        for sequence in (7, 8):
            publish_head(LedgerState(NAME, PublishedHead(0, sequence, GONE)))
        heads.unlink()
        for sequence in (9, 10):
            publish_head(LedgerState(NAME, PublishedHead(0, sequence, GONE)))
    messages = [record.getMessage() for record in caplog.records]
    assert [message.partition(" in ")[0] for message in messages] == [
        "The ledger’s newest head can’t be kept",
        "The ledger’s newest head is kept",
    ]
    assert read_head_file(NAME) == PublishedHead(0, 10, GONE)


def test_a_write_that_breaks_off_leaves_the_file_before(heads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    publish_head(LedgerState(NAME, PublishedHead(0, 7, GONE)))
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        publish_head(LedgerState(NAME, PublishedHead(0, 8, GONE)))
    assert read_head_file(NAME) == PublishedHead(0, 7, GONE)
    assert [path.name for path in heads.iterdir()] == [f"{NAME}.json"]


def test_a_process_that_is_stopped_while_it_writes_holds_nobody_up_for_long(
    heads: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(published_heads, "PATIENCE", 0.02)
    heads.mkdir()
    stopped = os.open(heads, os.O_RDONLY)
    fcntl.flock(stopped, fcntl.LOCK_EX)
    publish_head(LedgerState(NAME, PublishedHead(0, 7, GONE)))
    assert "BlockingIOError" in caplog.text
    os.close(stopped)
    publish_head(LedgerState(NAME, PublishedHead(0, 8, GONE)))
    assert read_head_file(NAME) == PublishedHead(0, 8, GONE)

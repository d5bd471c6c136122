"""Whatever changes for readers enqueues a cache purge in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from stories.actions.outbox.purges import purge_at_once
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.models import Article, ImportedStory, OutboxMessage, Publication, User
from stories.models.roles import MANAGING_EDITOR
from tests.archives import line, version, write_archive
from tests.factories import begin, change, go_live, make_user, minutes
from tests.outbox import dead_port, hung_server, running_cache

pytestmark = pytest.mark.django_db

TAKEDOWN, PUBLICATION, REST = OutboxMessage.Priority


@pytest.fixture(autouse=True)
def cache(settings: Settings) -> None:
    settings.PURGE_URL = "https://cache.example/purge"


@pytest.fixture
def maya(db: None) -> User:
    return make_user(MANAGING_EDITOR)


@pytest.fixture
def live(maya: User) -> Article:
    article = begin(user=maya)
    go_live(article, user=maya, at=minutes(10))
    return article


def purges() -> list[tuple[list[str], datetime, int]]:
    enqueued = OutboxMessage.objects.filter(kind="purge").order_by("pk")
    return [(each.payload["keys"], each.due_at, each.priority) for each in enqueued]


def test_what_goes_live_is_purged_at_its_time(live: Article, maya: User) -> None:
    change(live, user=maya, dek="More", at=minutes(20))
    go_live(
        live,
        user=maya,
        at=minutes(20),
        live_from=minutes(60),
        publication_class="override",
        reason="As agreed",
        cause="moved-on",
    )
    keys = [f"story-{live.pk}", "lists"]
    assert purges() == [(keys, minutes(10), PUBLICATION), (keys, minutes(60), PUBLICATION)]


def test_a_draft_purges_nothing(maya: User) -> None:
    change(begin(user=maya), user=maya, dek="More")
    assert purges() == []


def test_whatever_changes_now_is_purged_at_once_and_by_the_worker_once_more(
    live: Article,
    maya: User,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with running_cache() as cache:
        settings.PURGE_URL = cache.address
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(article=live, user=maya, notice="It is gone.", reason="A threat", at=minutes(20))
            assert cache.requests == []
        # Whoever withdraws waits for the cache.
        assert cache.keys == [f"story-{live.pk}", "lists"]
    assert len(purges()) == 2


@pytest.mark.parametrize("away", [lambda: nullcontext(dead_port()), hung_server])
def test_a_cache_that_is_away_keeps_nobody_from_taking_a_story_down(
    live: Article,
    maya: User,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    away: Callable[[], AbstractContextManager[int]],
) -> None:
    with away() as port:
        settings.PURGE_URL = f"http://127.0.0.1:{port}/purge"
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(article=live, user=maya, notice="It is gone.", reason="A threat", at=minutes(20))
    assert [priority for _keys, _at, priority in purges()] == [PUBLICATION, TAKEDOWN]


def test_what_goes_live_later_is_purged_at_its_time_alone(
    maya: User, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with running_cache() as cache:
        settings.PURGE_URL = cache.address
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            article = begin(user=maya)
            go_live(article, user=maya, at=minutes(10), live_from=minutes(60))
        assert not [each for each in callbacks if getattr(each, "func", None) is purge_at_once]
        assert cache.requests == []


def test_what_must_not_be_seen_any_longer_is_a_takedown_and_what_comes_back_is_none(
    live: Article, maya: User
) -> None:
    withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=minutes(20))
    reinstate(article=live, user=maya, reason="As agreed", at=minutes(30))
    start_developing(article=live, user=maya, at=minutes(40))
    held = withhold_words(
        article=live, words="The council", user=maya, ground="legal", reason="As agreed", at=minutes(50)
    )
    mona = make_user(MANAGING_EDITOR, name="mona")
    lift_withholding(withholding=held, user=mona, reason="As agreed", at=minutes(60))
    assert [(due, priority) for _keys, due, priority in purges()] == [
        (minutes(10), PUBLICATION),
        (minutes(20), TAKEDOWN),
        (minutes(30), PUBLICATION),
        (minutes(40), PUBLICATION),
        (minutes(50), TAKEDOWN),
        (minutes(60), PUBLICATION),
    ]


def test_without_a_cache_nothing_is_purged(maya: User, settings: Settings) -> None:
    settings.PURGE_URL = ""
    go_live(begin(user=maya), user=maya)
    assert purges() == []


def test_what_was_rolled_back_purges_nothing(live: Article, maya: User) -> None:
    with transaction.atomic():
        withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=minutes(20))
        transaction.set_rollback(True)
    assert len(purges()) == 1


def test_an_import_purges_once_a_story_however_many_versions_it_brings(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "a.jsonl", line(*(version(hour) for hour in range(5, 17))), line(slug="second")
    )
    call_command("import_archive", str(archive), verbosity=0)
    assert Publication.objects.count() == 13
    imported = ImportedStory.objects.order_by("pk")
    assert purges() == [
        ([f"story-{event.article_id}", "lists"], event.recorded_at, REST) for event in imported
    ]


def test_an_import_of_a_version_still_to_come_purges_again_at_its_time(tmp_path: Path) -> None:
    year = timezone.now().year + 2
    coming: dict[str, Any] = version(live_from=f"{year}-03-02T09:00:00+00:00")
    archive = write_archive(tmp_path / "a.jsonl", line(version(9), coming))
    call_command("import_archive", str(archive), verbosity=0)
    assert [(due.year, priority) for _keys, due, priority in purges()] == [
        (year, PUBLICATION),
        (ImportedStory.objects.get().recorded_at.year, REST),
    ]

"""Purges are joined into few requests, and only a success takes them out of the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from stories.actions.outbox.deliver import Delivered
from stories.models import OutboxMessage
from tests.factories import minutes
from tests.outbox import (
    Cache,
    dead_port,
    deliver,
    hung_server,
    letter,
    purge,
    running_cache,
    running_mail_server,
)

pytestmark = pytest.mark.django_db


Priority = OutboxMessage.Priority


SECOND = timedelta(seconds=1)


class TestPurges:
    def test_many_are_joined_into_few_requests_and_none_is_left(self, cache: Cache) -> None:
        for number in range(1_500):
            purge(f"story-{number}", "lists", priority=Priority.REST)
        purge("story-withheld", "lists", priority=Priority.TAKEDOWN)
        assert deliver() == Delivered(1_501, 0)
        assert len(cache.requests) <= 8
        assert cache.keys[0] == "story-withheld"
        assert set(cache.keys) == {"lists", "story-withheld", *(f"story-{number}" for number in range(1_500))}
        assert not OutboxMessage.objects.exists()

    @pytest.mark.parametrize("status", [301, 302, 400, 401, 413, 500, 503])
    def test_any_answer_but_a_success_is_a_failure(self, cache: Cache, status: int) -> None:
        purge("story-1")
        cache.status = status
        assert deliver() == Delivered(0, 1)
        assert str(status) in OutboxMessage.objects.get().error
        cache.status = 204
        assert deliver(minutes(2)) == Delivered(1, 0)
        assert cache.keys == ["story-1"]

    def test_what_speaks_no_http_is_a_failure(self, settings: Settings) -> None:
        with running_mail_server() as server:
            settings.PURGE_URL = f"http://127.0.0.1:{server.port}/"
            purge("story-1")
            assert deliver() == Delivered(0, 1)

    def test_a_dead_cache_stops_its_own_round_and_mails_go_on(
        self, settings: Settings, mailoutbox: list[Any]
    ) -> None:
        settings.PURGE_URL = f"http://127.0.0.1:{dead_port()}/"
        for number in range(300):
            purge(f"story-{number}")
        letter()
        assert deliver() == Delivered(1, 200)
        assert len(mailoutbox) == 1
        # One attempt per round: even messages that were not tried are not due before the wait is over.
        assert deliver(minutes(1) + 4 * SECOND) == Delivered(0, 0)
        # But a message enqueued now is tried at once, and reveals whether the cache is back.
        with running_cache() as back:
            settings.PURGE_URL = back.address
            purge("story-new")
            assert deliver(minutes(1) + 4 * SECOND) == Delivered(1, 0)
            assert deliver(minutes(2)) == Delivered(300, 0)

    @pytest.mark.parametrize("drips", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1_000])
    def test_a_cache_that_hangs_or_answers_byte_by_byte_is_given_up(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], drips: bytes
    ) -> None:
        monkeypatch.setattr("stories.actions.outbox.purges.TIMEOUT", 0.3)
        with hung_server(drips) as port:
            settings.PURGE_URL = f"http://127.0.0.1:{port}/"
            for number in range(600):
                purge(f"story-{number}")
            letter()
            assert deliver().sent == 1
        assert len(mailoutbox) == 1
        assert OutboxMessage.objects.count() == 600

    def test_once_no_cache_is_configured_there_is_none_to_tell(self, settings: Settings) -> None:
        purge("story-1")
        settings.PURGE_URL = ""
        assert deliver() == Delivered(1, 0)
        assert not OutboxMessage.objects.exists()

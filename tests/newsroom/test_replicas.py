"""Readers get a replica while it keeps up, and the primary at once if it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from threading import Thread
from typing import Any, NoReturn
from unittest.mock import patch

import pytest
from django.conf import settings as site
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, router, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg import errors
from pytest_django import Settings

from newsroom import replicas
from newsroom.errors import server_error
from newsroom.replicas import (
    ABANDON_AFTER,
    HANDOVER,
    HANDOVER_EVERY,
    LARGEST_LAG,
    PAUSE,
    PrimaryClock,
    Readers,
    Replica,
    ReplicaMiddleware,
    ReplicaRouter,
    reading_from,
)
from stories.management.baking.client import Client
from stories.models import Article, Publication
from stories.queries.health.checks import State
from stories.queries.site import search
from stories.queries.site.live_pages import live_page
from stories.queries.site.site_state import site_state
from stories.queries.verification.consistent_view import consistent_view
from tests.factories import MORNING

# When the tests begin, by the primary's clock, which is far from this host's monotonic one.
NOON = 1_000_000.0


class Clock:
    """A monotonic clock that stands still."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def readers(clock: Clock) -> Readers:
    """Readers with two replicas, of which the first is first for this process, too."""
    readers = Readers([Replica("replica1"), Replica("replica2")], PrimaryClock(clock), clock)
    readers.clock.ask(lambda: NOON)
    readers._in_order = lambda: list(readers.replicas)  # type: ignore[method-assign]
    return readers


def read(readers: Readers) -> str:
    with readers.reading() as replica:
        return replica.alias if replica is not None else DEFAULT_DB_ALIAS


def beat(readers: Readers, number: int = 1, *, lag: float = 0.0) -> None:
    """Let a replica show the heartbeat of some seconds ago."""
    now = readers.clock.now()
    assert now is not None
    readers.saw(readers.replicas[number - 1], now - lag)


class TestOneReplica:
    def test_nothing_is_known_of_one_that_was_not_looked_at(self, readers: Readers) -> None:
        assert read(readers) == DEFAULT_DB_ALIAS
        assert readers.state() is State.WARNING

    def test_one_that_keeps_up_is_read(self, readers: Readers) -> None:
        beat(readers, lag=LARGEST_LAG - 0.01)
        assert read(readers) == "replica1"

    def test_one_that_is_behind_is_not_read(self, readers: Readers) -> None:
        beat(readers, lag=LARGEST_LAG + 0.01)
        assert read(readers) == DEFAULT_DB_ALIAS

    def test_one_that_hangs_is_not_read_half_a_second_later(self, readers: Readers, clock: Clock) -> None:
        beat(readers)
        assert read(readers) == "replica1"
        clock.seconds += LARGEST_LAG + 0.01
        assert read(readers) == DEFAULT_DB_ALIAS

    def test_who_waits_for_one_that_stands_still_gives_it_up(self, readers: Readers, clock: Clock) -> None:
        assert readers.abandoned() == set()
        beat(readers)
        clock.seconds += ABANDON_AFTER - 0.1
        assert readers.abandoned() == set()
        clock.seconds += 0.2
        assert readers.abandoned() == {"replica1"}
        beat(readers)
        assert readers.abandoned() == set()
        readers.pause(readers.replicas[0])
        assert readers.abandoned() == {"replica1"}

    def test_without_the_primarys_clock_no_lag_is_known(self, readers: Readers) -> None:
        beat(readers)
        readers.clock.forget()
        assert read(readers) == DEFAULT_DB_ALIAS

    def test_a_heartbeat_of_the_future_shows_that_the_clock_is_wrong(self, readers: Readers) -> None:
        beat(readers, lag=-10)
        assert readers.clock.now() is None
        assert read(readers) == DEFAULT_DB_ALIAS

    def test_the_clock_is_never_behind_the_primarys(self, clock: Clock) -> None:
        primary = PrimaryClock(clock)

        def slow_answer() -> float:
            clock.seconds += 3
            return NOON + 3

        primary.ask(slow_answer)
        assert (primary.now() or 0) >= NOON + 3

    def test_one_that_a_request_lost_is_left_alone_for_a_while(self, readers: Readers, clock: Clock) -> None:
        beat(readers)
        readers.pause(readers.replicas[0])
        beat(readers)
        assert read(readers) == DEFAULT_DB_ALIAS
        clock.seconds += PAUSE
        beat(readers)
        clock.seconds += HANDOVER_EVERY
        beat(readers)
        assert read(readers) == "replica1"

    def test_all_is_well_while_all_keep_up(self, readers: Readers) -> None:
        beat(readers, 1)
        assert readers.state() is State.WARNING
        beat(readers, 2)
        assert readers.state() is State.OK


class TestChanges:
    """Nobody is shown anything older than the process has shown."""

    def test_it_stays_with_the_one_that_it_reads(self, readers: Readers) -> None:
        beat(readers, 2)
        assert read(readers) == "replica2"
        beat(readers, 1)
        assert read(readers) == "replica2"

    def test_another_is_taken_once_it_has_what_the_last_one_showed(
        self, readers: Readers, clock: Clock
    ) -> None:
        beat(readers, 1)
        assert read(readers) == "replica1"
        clock.seconds += LARGEST_LAG + 0.01
        beat(readers, 2, lag=0.1)
        # The first may have shown what is a moment old.
        assert read(readers) == DEFAULT_DB_ALIAS
        clock.seconds += 0.2
        beat(readers, 2)
        assert read(readers) == "replica2"

    def test_after_readers_of_the_primary_it_must_have_what_they_were_shown(
        self, readers: Readers, clock: Clock
    ) -> None:
        assert read(readers) == DEFAULT_DB_ALIAS
        readers._next_handover = clock.seconds + 60
        beat(readers, lag=0.1)
        assert read(readers) == DEFAULT_DB_ALIAS
        clock.seconds += 0.1
        beat(readers)
        assert read(readers) == "replica1"

    def test_while_the_primary_is_being_read_nobody_reads_a_replica(
        self, readers: Readers, clock: Clock
    ) -> None:
        readers._next_handover = clock.seconds + 60
        with readers.reading(primary=True):
            beat(readers)
            assert read(readers) == DEFAULT_DB_ALIAS

    def test_where_they_leave_no_gap_they_wait_for_the_next_heartbeat(
        self, readers: Readers, clock: Clock
    ) -> None:
        assert read(readers) == DEFAULT_DB_ALIAS
        beat(readers, lag=0.1)
        found: list[str] = []
        waiting = [Thread(target=lambda: found.append(read(readers))) for _reader in range(3)]
        for thread in waiting:
            thread.start()
        clock.seconds += 0.01
        beat(readers)
        for thread in waiting:
            thread.join(10)
        assert found == ["replica1"] * 3

    def test_they_wait_for_a_moment_and_rarely(
        self, readers: Readers, monkeypatch: pytest.MonkeyPatch, clock: Clock
    ) -> None:
        assert read(readers) == DEFAULT_DB_ALIAS
        waits: list[float] = []
        monkeypatch.setattr(readers._changed, "wait_for", lambda _holds, seconds: waits.append(seconds))
        for _tenth in range(20):
            beat(readers, lag=0.2)
            assert read(readers) == DEFAULT_DB_ALIAS
            clock.seconds += 0.1
        assert sum(seconds > 0 for seconds in waits) <= 5
        assert max(waits) <= HANDOVER + 0.001


@pytest.fixture
def other(settings: Settings) -> Iterator[Recorder]:
    """A second database, which notes that it was asked and fails."""
    settings.DATABASE_ROUTERS = ["newsroom.replicas.ReplicaRouter"]
    recorder = Recorder()
    connections["replica1"] = recorder  # type: ignore[assignment]
    yield recorder
    del connections["replica1"]


class Recorder:
    """A connection that is asked for a cursor, and has none."""

    alias, vendor, in_atomic_block, connection = "replica1", "sqlite", True, None

    def __init__(self) -> None:
        self.ops = connections[DEFAULT_DB_ALIAS].ops

    def cursor(self) -> Any:
        raise OperationalError("It was asked.")


class TestRouting:
    def test_what_reads_goes_to_one_database_and_what_writes_to_the_primary(self, other: Recorder) -> None:
        assert (router.db_for_read(Article), router.db_for_write(Article)) == (DEFAULT_DB_ALIAS,) * 2
        with reading_from("replica1"):
            assert router.db_for_read(Publication) == "replica1"
            assert router.db_for_write(Publication) == DEFAULT_DB_ALIAS
        assert router.db_for_read(Article) == DEFAULT_DB_ALIAS

    def test_statements_of_our_own_follow(self, other: Recorder) -> None:
        with reading_from("replica1"):
            with pytest.raises(OperationalError, match="It was asked"):
                live_page("a-story", at=MORNING)
            with consistent_view(), pytest.raises(OperationalError, match="It was asked"):
                connections[router.db_for_read(Article)].cursor()

    def test_a_list_is_cached_under_the_state_of_the_database_that_it_is_read_from(
        self, other: Recorder
    ) -> None:
        with reading_from("replica1"), pytest.raises(OperationalError, match="It was asked"):
            site_state(MORNING)

    def test_the_settings_of_a_search_are_those_of_the_database_that_is_searched(
        self, other: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "_is_postgres", lambda: True)
        monkeypatch.setattr(transaction, "atomic", lambda using=None: nullcontext())
        with reading_from("replica1"), pytest.raises(OperationalError, match="It was asked"):
            search.search("dam", at=MORNING)

    def test_a_replica_is_migrated_by_its_primary(self) -> None:
        assert not ReplicaRouter().allow_migrate("replica1", "stories")
        assert ReplicaRouter().allow_migrate(DEFAULT_DB_ALIAS, "stories")

    def test_rows_of_both_are_rows_of_one_site(self) -> None:
        assert ReplicaRouter().allow_relation(Article(), Article())


def _fail(cause: Exception) -> NoReturn:
    raise OperationalError from cause


class Requests:
    """A site of one view, which says what it was read from."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers
        self.asked: list[str] = []
        self.failures: list[Exception] = []
        self.middleware = ReplicaMiddleware(self.view)

    def view(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(ReplicaRouter().db_for_read(Article))
        if not self.failures:
            return HttpResponse("")
        try:
            _fail(self.failures.pop())
        except OperationalError:
            return server_error(request)

    def ask(self, path: str = "/", method: str = "get", **cookies: str) -> HttpResponse:
        request = getattr(RequestFactory(), method)(path)
        request.COOKIES.update(cookies)
        response = self.middleware(request)
        assert isinstance(response, HttpResponse)
        return response


@pytest.fixture
def requests(readers: Readers, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Requests:
    settings.REPLICAS = ("replica1", "replica2")
    monkeypatch.setattr(replicas, "READERS", readers)
    monkeypatch.setattr(replicas.WATCH, "start", lambda: None)
    beat(readers)
    return Requests(readers)


class TestRequests:
    def test_a_site_without_replicas_has_nothing_to_choose(self) -> None:
        with pytest.raises(MiddlewareNotUsed):
            ReplicaMiddleware(lambda _request: HttpResponse(""))

    def test_readers_get_the_replica(self, requests: Requests) -> None:
        requests.ask("/stories/a-story/")
        assert requests.asked == ["replica1"]

    def test_whoever_has_a_session_gets_the_primary(self, requests: Requests) -> None:
        requests.ask("/stories/a-story/", **{site.SESSION_COOKIE_NAME: "anything"})
        assert requests.asked == [DEFAULT_DB_ALIAS]

    @pytest.mark.parametrize(
        ("path", "method"), [("/admin/", "get"), ("/admin/account/login/", "get"), ("/", "post")]
    )
    def test_the_desk_and_what_writes_get_the_primary(
        self, requests: Requests, path: str, method: str
    ) -> None:
        requests.ask(path, method)
        assert requests.asked == [DEFAULT_DB_ALIAS]

    @pytest.mark.django_db(transaction=True)
    def test_the_worker_that_bakes_pages_gets_the_primary(self, requests: Requests) -> None:
        with patch.object(WSGIHandler, "__call__", autospec=True) as handler:
            handler.side_effect = lambda _self, environ, start: (
                start("200 OK", []),
                requests.middleware(WSGIRequest(environ)),
            )[1]
            Client().get("/stories/a-story/")
        assert requests.asked == [DEFAULT_DB_ALIAS]

    @pytest.mark.parametrize("failure", [errors.AdminShutdown, errors.ConnectionException])
    def test_one_that_is_lost_costs_a_reader_nothing_and_is_asked_no_more(
        self, requests: Requests, failure: type[Exception]
    ) -> None:
        requests.failures = [failure()]
        assert requests.ask().status_code == 200
        assert requests.asked == ["replica1", DEFAULT_DB_ALIAS]
        beat(requests.readers)
        requests.ask()
        assert requests.asked[-1] == DEFAULT_DB_ALIAS

    def test_a_statement_that_the_replica_cancels_is_repeated_on_the_primary(
        self, requests: Requests
    ) -> None:
        requests.failures = [errors.SerializationFailure()]
        assert requests.ask().status_code == 200
        assert requests.asked == ["replica1", DEFAULT_DB_ALIAS]

    def test_a_statement_that_took_too_long_is_not_repeated(self, requests: Requests) -> None:
        requests.failures = [errors.QueryCanceled()]
        assert requests.ask().status_code == 503
        assert requests.asked == ["replica1"]

    def test_what_fails_on_the_primary_too_is_its_failure(self, requests: Requests) -> None:
        requests.failures = [errors.AdminShutdown(), errors.AdminShutdown()]
        assert requests.ask().status_code == 503
        assert requests.asked == ["replica1", DEFAULT_DB_ALIAS]

"""`manage.py deliver`: once, and as the worker that runs until it is told to end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from stories.models import OutboxMessage
from tests.outbox import dead_port, running_cache
from tests.postgres import MISSING, own_postgres
from tests.worker import ROOT, database_address, environment, running_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def purge(*keys: str, priority: int = OutboxMessage.Priority.PUBLICATION) -> OutboxMessage:
    now = timezone.now()
    return OutboxMessage.objects.create(
        kind="purge", payload={"keys": keys}, due_at=now, next_try_at=now, priority=priority
    )


def run() -> str:
    out = StringIO()
    call_command("deliver", stdout=out)
    return out.getvalue()


class TestOnce:
    def test_it_says_what_it_did(self, settings: Settings) -> None:
        with running_cache() as cache:
            settings.PURGE_URL = cache.address
            purge("story-1")
            assert run() == "1 delivered, 0 to be tried again.\n"
            assert run() == "0 delivered, 0 to be tried again.\n"
        assert cache.keys == ["story-1"]

    def test_it_fails_if_something_could_not_be_sent(self, settings: Settings) -> None:
        settings.PURGE_URL = f"http://127.0.0.1:{dead_port()}/"
        purge("story-1")
        with pytest.raises(CommandError, match="it is tried again by the next run"):
            run()

    def test_without_a_cache_it_sends_mails(self, settings: Settings, mailoutbox: list[object]) -> None:
        settings.PURGE_URL = ""
        now = timezone.now()
        words = {"to": "emil@example.org", "subject": "x", "says": "x", "path": "/"}
        OutboxMessage.objects.create(kind="mail", payload=words, due_at=now, next_try_at=now)
        assert run() == "1 delivered, 0 to be tried again.\n"
        assert len(mailoutbox) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_finishes_the_message_at_hand(number: signal.Signals) -> None:
    reached, go_on = threading.Event(), threading.Event()
    with running_cache() as cache:

        def answer() -> None:
            reached.set()
            go_on.wait(4)

        cache.before_answering = answer
        with running_worker(database_address(), PURGE_URL=cache.address) as worker:
            purge("story-1")
            assert reached.wait(60)
            purge("story-2", priority=OutboxMessage.Priority.REST)
            worker.send_signal(number)
            threading.Timer(0.5, go_on.set).start()
            assert worker.process.wait(60) == 0
    assert cache.keys == ["story-1"]
    assert [each.payload["keys"] for each in OutboxMessage.objects.all()] == [["story-2"]]


@pytest.mark.drill
class TestDrill:
    def test_a_worker_killed_while_it_sends_loses_nothing_and_sends_again_after_its_lease(self) -> None:
        reached = threading.Event()
        with running_cache() as cache:

            def answer() -> None:
                reached.set()
                threading.Event().wait(1)

            cache.before_answering = answer
            with running_worker(database_address(), PURGE_URL=cache.address) as worker:
                purge("story-1")
                assert reached.wait(60)
                worker.process.kill()
            wait_until(lambda: cache.requests)
            leased_until = OutboxMessage.objects.get().leased_until
            assert leased_until is not None
            cache.before_answering = None
            with running_worker(database_address(), PURGE_URL=cache.address) as worker:
                wait_until(lambda: not OutboxMessage.objects.exists())
                assert timezone.now() >= leased_until
                assert worker.end()[0] == 0
        assert cache.keys == ["story-1", "story-1"]

    def test_two_workers_send_everything_and_a_publication_overtakes_an_import(self) -> None:
        now = timezone.now() - timedelta(days=1)
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                kind="purge",
                priority=OutboxMessage.Priority.REST,
                payload={"keys": [f"story-{number}", "lists"]},
                due_at=now,
                next_try_at=now,
            )
            for number in range(20_000)
        )
        address = database_address()
        with (
            running_cache() as cache,
            running_worker(address, PURGE_URL=cache.address) as one,
            running_worker(address, PURGE_URL=cache.address) as other,
        ):
            wait_until(lambda: cache.requests)
            purge("story-new", priority=OutboxMessage.Priority.TAKEDOWN)
            took = wait_until(lambda: "story-new" in cache.keys)
            wait_until(lambda: not OutboxMessage.objects.exists(), seconds=120)
            assert (one.end()[0], other.end()[0]) == (0, 0)
        counted = [key for key in cache.keys if key not in ("lists", "story-new")]
        assert len(counted) == len(set(counted)) == 20_000
        assert took < 5

    def test_a_worker_outlives_its_database_and_sends_nothing_twice(self) -> None:
        with own_postgres() as server:
            if server is None:
                pytest.skip(MISSING)
            address = server.address
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=environment(address), check=True)
            reached, stopped = threading.Event(), threading.Event()
            with (
                running_cache() as cache,
                running_worker(address, PURGE_URL=cache.address) as worker,
            ):
                insert_purge(address, "story-1")
                wait_until(lambda: cache.keys == ["story-1"])
                wait_until(lambda: count_messages(address) == 0)

                def answer() -> None:
                    reached.set()
                    stopped.wait(4)

                cache.before_answering = answer
                insert_purge(address, "story-2")
                assert reached.wait(60)
                # The cache was purged, but the worker can't mark the message.
                server.stop()
                stopped.set()
                threading.Event().wait(5)
                server.start()
                insert_purge(address, "story-3")
                took = wait_until(lambda: "story-3" in cache.keys)
                wait_until(lambda: count_messages(address) == 0)
                # And once more, while it has nothing to do.
                server.stop()
                server.start()
                insert_purge(address, "story-4")
                idle = wait_until(lambda: "story-4" in cache.keys)
                wait_until(lambda: count_messages(address) == 0)
                code, output = worker.end()
        assert cache.keys == ["story-1", "story-2", "story-3", "story-4"]
        assert code == 0
        assert "The database does not answer; it is asked again." in output
        assert "The database answers again." in output
        assert max(took, idle) < 15


def insert_purge(address: str, key: str) -> None:
    """Enqueue a purge, as another process does."""
    with psycopg.connect(address) as database:
        database.execute(
            "INSERT INTO stories_outboxmessage (kind, priority, payload, due_at, next_try_at, attempts, error) "
            "VALUES ('purge', 1, %s, now(), now(), 0, '')",
            [json.dumps({"keys": [key]})],
        )


def count_messages(address: str) -> int:
    with psycopg.connect(address) as database:
        row = database.execute("SELECT count(*) FROM stories_outboxmessage").fetchone()
    assert row is not None
    return int(row[0])

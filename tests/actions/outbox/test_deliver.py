"""The outbox is delivered: the most urgent first, at least once, and never while a lock is held."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from stories.actions.outbox import deliver as deliver_module
from stories.actions.outbox.deliver import DROPPED_AFTER, Delivered, Deliverer
from stories.actions.outbox.mails import MailChannel
from stories.actions.outbox.purges import PurgeChannel
from stories.models import OutboxMessage
from tests.factories import minutes
from tests.outbox import (
    Cache,
    dead_port,
    hung_server,
    running_cache,
    running_mail_server,
)

pytestmark = pytest.mark.django_db

Priority = OutboxMessage.Priority
SECOND = timedelta(seconds=1)
START, LATER = minutes(0), minutes(1)


@pytest.fixture
def cache(settings: Settings) -> Iterator[Cache]:
    with running_cache() as running:
        settings.PURGE_URL = running.address
        yield running


@pytest.fixture
def smtp(settings: Settings) -> Callable[[int], None]:
    """Send by SMTP, to a port of this machine."""

    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1

    return use


def purge(*keys: str, due: datetime = START, priority: int = Priority.PUBLICATION) -> OutboxMessage:
    return OutboxMessage.objects.create(
        kind="purge", payload={"keys": keys}, due_at=due, next_try_at=due, priority=priority
    )


def letter(to: str = "emil@example.org", *, due: datetime = START) -> OutboxMessage:
    words = {"to": to, "subject": "A subject", "says": "A sentence.", "path": "/admin/"}
    return OutboxMessage.objects.create(kind="mail", payload=words, due_at=due, next_try_at=due)


def deliver(at: datetime = LATER, deliverer: Deliverer | None = None) -> Delivered:
    return (deliverer or Deliverer(clock=lambda: at)).deliver()


class Spy:
    """A channel for purges and mails that records what it is given, and then acts as configured."""

    kinds = frozenset({"purge", "mail"})
    lease = timedelta(seconds=30)
    first_wait, longest_wait = timedelta(seconds=5), timedelta(seconds=30)

    def __init__(self, act: Callable[[OutboxMessage], None] = lambda message: None) -> None:
        self.sent: list[int] = []
        self.act = act

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        return 1

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        for message in messages:
            self.sent.append(message.pk)
            self.act(message)

    def close(self) -> None:
        pass


def later_by(seconds: float) -> datetime:
    return LATER + seconds * SECOND


def fail(message: OutboxMessage) -> None:
    raise ConnectionRefusedError("Connection refused")


class TestOrder:
    def test_takedowns_go_first_then_publications_then_the_rest(self) -> None:
        rest = purge("a", priority=Priority.REST)
        published = purge("b", due=minutes(-5))
        first, withheld = purge("c", due=minutes(-9)), purge("d", priority=Priority.TAKEDOWN)
        mailed = letter(due=minutes(-60))
        spy = Spy()
        deliver(deliverer=Deliverer([spy], clock=lambda: minutes(1)))
        assert spy.sent == [each.pk for each in (withheld, first, published, mailed, rest)]

    def test_what_is_withheld_meanwhile_goes_before_what_waited(self) -> None:
        several = [purge(str(number)) for number in range(3)]
        urgent: list[int] = []

        def act(message: OutboxMessage) -> None:
            if message == several[0]:
                urgent.append(purge("urgent", priority=Priority.TAKEDOWN).pk)

        spy = Spy(act)
        deliver(deliverer=Deliverer([spy], clock=lambda: minutes(1)))
        assert spy.sent == [several[0].pk, *urgent, several[1].pk, several[2].pk]

    def test_what_is_scheduled_waits_for_its_time(self, cache: Cache) -> None:
        purge("story-1", due=minutes(10))
        assert deliver(minutes(9)) == Delivered(0, 0)
        assert deliver(minutes(10)) == Delivered(1, 0)
        assert deliver(minutes(11)) == Delivered(0, 0)
        assert cache.keys == ["story-1"]


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


class TestMails:
    def test_a_mail_is_made_of_its_row_and_the_row_goes(self, mailoutbox: list[Any]) -> None:
        letter()
        assert deliver() == Delivered(1, 0)
        (sent,) = mailoutbox
        assert (sent.to, sent.subject) == (["emil@example.org"], "A subject")
        assert sent.body == "A sentence.\n\nhttp://testserver/admin/\n"
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
        assert not OutboxMessage.objects.exists()

    def test_a_mail_sent_twice_bears_one_name(self, mailoutbox: list[Any]) -> None:
        letter()
        message = OutboxMessage.objects.get()
        MailChannel().send([message])
        MailChannel().send([message])
        first, second = (sent.extra_headers["Message-ID"] for sent in mailoutbox)
        assert first == second
        assert first.endswith("@testserver>")

    def test_several_go_through_one_connection(self, smtp: Callable[[int], None]) -> None:
        with running_mail_server() as server:
            smtp(server.port)
            for number in range(3):
                letter(f"reader{number}@example.org")
            assert deliver() == Delivered(3, 0)
            assert len(server.mails) == 3

    def test_one_that_is_refused_stops_no_other_and_is_dropped_after_days(
        self, smtp: Callable[[int], None], caplog: pytest.LogCaptureFixture
    ) -> None:
        with running_mail_server() as server:
            smtp(server.port)
            server.refuses = {"gone@example.org"}
            letter("gone@example.org")
            letter("emil@example.org")
            with caplog.at_level(logging.WARNING):
                assert deliver() == Delivered(1, 1)
                message = OutboxMessage.objects.get()
                assert message.error == "SMTPRecipientsRefused 550"
                assert message.next_try_at == minutes(2)
                assert deliver(minutes(0) + DROPPED_AFTER) == Delivered(0, 1)
                assert OutboxMessage.objects.exists()
                assert deliver(minutes(61) + DROPPED_AFTER) == Delivered(0, 1)
        assert not OutboxMessage.objects.exists()
        assert "is dropped (SMTPRecipientsRefused 550)" in caplog.text
        assert "gone@example.org" not in caplog.text

    def test_a_server_that_is_down_loses_none(self, smtp: Callable[[int], None]) -> None:
        smtp(dead_port())
        for number in range(3):
            letter(f"reader{number}@example.org")
        assert deliver() == Delivered(0, 1)
        assert [each.error for each in OutboxMessage.objects.order_by("pk")] == [
            "ConnectionRefusedError",
            "",
            "",
        ]
        with running_mail_server() as server:
            smtp(server.port)
            assert deliver(minutes(2)) == Delivered(3, 0)
            assert len(server.mails) == 3

    @pytest.mark.parametrize("drips", [b"", b"220-" + b"x" * 1_000])
    def test_a_server_that_hangs_is_given_up_and_purges_go_on(
        self,
        smtp: Callable[[int], None],
        cache: Cache,
        monkeypatch: pytest.MonkeyPatch,
        drips: bytes,
    ) -> None:
        monkeypatch.setattr("stories.actions.outbox.mails.TIMEOUT", 0.3)
        with hung_server(drips) as port:
            smtp(port)
            letter(due=minutes(-1))
            purge("story-1", priority=Priority.REST)
            assert deliver() == Delivered(1, 1)
        assert cache.keys == ["story-1"]
        assert OutboxMessage.objects.get().error == "TimeoutError"

    def test_one_that_cannot_be_made_stands_in_nobodys_way(self, mailoutbox: list[Any]) -> None:
        letter("two\nlines@example.org")
        letter()
        assert deliver() == Delivered(1, 1)
        assert [sent.to for sent in mailoutbox] == [["emil@example.org"]]

    def test_a_mail_without_a_reason_any_more_is_not_sent(
        self, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
    ) -> None:
        monkeypatch.setitem(MailChannel.send.__globals__["COMPOSERS"], "mail", lambda message: None)
        letter()
        assert deliver() == Delivered(1, 0)
        assert mailoutbox == []


class TestLeases:
    def test_what_one_worker_holds_no_other_takes_until_its_lease_is_over(self) -> None:
        message = purge("story-1")
        other = Spy()

        def act(held: OutboxMessage) -> None:
            for late in (0, 29):
                Deliverer([other], clock=partial(later_by, late)).deliver()
            assert other.sent == []
            # Its worker may have been killed.
            Deliverer([other], clock=lambda: minutes(1) + 30 * SECOND).deliver()

        Deliverer([Spy(act)], clock=lambda: minutes(1)).deliver()
        assert other.sent == [message.pk]

    def test_a_worker_that_outlived_its_lease_takes_nothing_from_the_next(self) -> None:
        purge("story-1")

        def act(held: OutboxMessage) -> None:
            OutboxMessage.objects.update(leased_until=minutes(9))
            fail(held)

        Deliverer([Spy(act)], clock=lambda: minutes(1)).deliver()
        message = OutboxMessage.objects.get()
        assert (message.leased_until, message.attempts) == (minutes(9), 0)

    @pytest.mark.django_db(transaction=True)
    def test_no_transaction_is_open_while_something_is_sent(self) -> None:
        purge("story-1")
        open_ones: list[bool] = []
        Deliverer([Spy(lambda message: open_ones.append(connection.in_atomic_block))]).deliver()
        assert open_ones == [False]

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is SQLite's own")
    def test_an_idle_worker_takes_no_lock_to_write(self) -> None:
        purge("story-1", due=minutes(10))
        statements: list[str] = []

        def note(execute: Any, sql: str, *args: Any) -> Any:
            statements.append(sql)
            return execute(sql, *args)

        with connection.execute_wrapper(note):
            deliver(minutes(1))
        assert len(statements) == 1
        assert statements[0].startswith("SELECT")

    def test_what_was_sent_and_could_not_be_marked_is_marked_first_thing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        purge("story-1")
        spy = Spy()
        deliverer = Deliverer([spy], clock=lambda: minutes(1))
        with monkeypatch.context() as patch:
            patch.setattr(deliver_module, "OutboxMessage", _WithoutDelete())
            with pytest.raises(OperationalError):
                deliverer.deliver()
        assert OutboxMessage.objects.exists()
        assert deliverer.deliver() == Delivered(0, 0)
        assert len(spy.sent) == 1
        assert not OutboxMessage.objects.exists()


class _WithoutDelete:
    """The model, on a database that goes away when something is deleted."""

    class Gone:
        def __getattr__(self, name: str) -> Any:
            return getattr(OutboxMessage.objects, name)

        def filter(self, **values: Any) -> Any:
            rows = OutboxMessage.objects.filter(**values)

            def delete() -> None:
                raise OperationalError("the server went away")

            rows.delete = delete  # type: ignore[method-assign,assignment]
            return rows

    objects = Gone()


class TestRetries:
    def test_what_fails_is_tried_again_later_each_time_up_to_a_cap(self) -> None:
        purge("story-1")
        at, waits = minutes(1), []
        for _try in range(6):
            assert deliver(
                deliverer=Deliverer([Spy(fail)], clock=partial(later_by, (at - LATER).total_seconds()))
            ) == Delivered(0, 1)
            message = OutboxMessage.objects.get()
            waits.append((message.next_try_at - at).total_seconds())
            before = message.next_try_at - SECOND
            assert deliver(
                deliverer=Deliverer([Spy(fail)], clock=partial(later_by, (before - LATER).total_seconds()))
            ) == Delivered(0, 0)
            at = message.next_try_at
        assert waits == [5, 10, 20, 30, 30, 30]
        assert message.attempts == 6
        assert message.error == "Connection refused"
        assert message.due_at == minutes(0)
        assert deliver(deliverer=Deliverer([Spy()], clock=lambda: at)) == Delivered(1, 0)

    def test_a_hundred_failures_overflow_nothing(self) -> None:
        purge("story-1")
        OutboxMessage.objects.update(attempts=100_000)
        assert deliver(deliverer=Deliverer([Spy(fail)], clock=lambda: minutes(1))) == Delivered(0, 1)
        assert PurgeChannel.longest_wait == timedelta(seconds=30)

    def test_a_worker_that_is_asked_to_stop_ends_after_the_message_at_hand(self) -> None:
        for number in range(3):
            purge(f"story-{number}")
        spy = Spy()
        Deliverer([spy], clock=lambda: minutes(1)).deliver(stopped=lambda: len(spy.sent) == 2)
        assert OutboxMessage.objects.count() == 1

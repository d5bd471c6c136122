"""The outbox is delivered: the most urgent first, at least once, and never while a lock is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from stories.actions.outbox import deliver as deliver_module
from stories.actions.outbox.deliver import Delivered, Deliverer
from stories.actions.outbox.purges import PurgeChannel
from stories.models import OutboxMessage
from tests.factories import minutes
from tests.outbox import (
    LATER,
    Cache,
    deliver,
    letter,
    purge,
)

pytestmark = pytest.mark.django_db

Priority = OutboxMessage.Priority
SECOND = timedelta(seconds=1)


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

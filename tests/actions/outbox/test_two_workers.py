"""Concurrent workers share the work: none sends what another does."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stories.actions.outbox.deliver import Delivered, Deliverer
from stories.models import OutboxMessage
from stories.queries.outbox.waiting import waiting

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 2
MESSAGES = 100


class Slow:
    """A channel that takes a moment for each message, so that workers overlap."""

    kinds = frozenset({"mail"})
    lease = timedelta(minutes=1)
    first_wait = longest_wait = timedelta(seconds=1)

    def __init__(self, sent: list[int], *, fails: bool = False) -> None:
        self.sent, self.fails = sent, fails

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        return 1

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        self.sent += [message.pk for message in messages]
        threading.Event().wait(0.002)
        if self.fails:
            raise ConnectionRefusedError("down")

    def close(self) -> None:
        pass


def work_at_once(sent: list[int], *, fails: bool = False) -> list[Delivered]:
    """Return what two workers did that started at the same moment."""
    begin = threading.Barrier(WORKERS)
    done: list[Delivered] = []
    failures: list[Exception] = []

    def work() -> None:
        deliverer = Deliverer([Slow(sent, fails=fails)])
        begin.wait()
        try:
            done.append(deliverer.deliver())
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return done


def enqueue() -> None:
    now = timezone.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind="mail", payload={}, due_at=now, next_try_at=now) for _each in range(MESSAGES)
    )


def test_two_workers_send_each_message_once() -> None:
    enqueue()
    sent: list[int] = []
    # A worker that finds everything leased by the other ends its round.
    while waiting(timezone.now()).count:
        work_at_once(sent)
    assert set(Counter(sent).values()) == {1}
    assert len(sent) == MESSAGES


def test_two_workers_whose_receiver_is_down_neither_wait_for_each_other_nor_lose_anything() -> None:
    for _round in range(10):
        OutboxMessage.objects.all().delete()
        enqueue()
        work_at_once([], fails=True)
        assert OutboxMessage.objects.count() == MESSAGES
        assert not OutboxMessage.objects.exclude(leased_until=None).exists()

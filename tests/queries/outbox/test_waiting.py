"""What waits in the outbox, and whether somebody has to investigate."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.models import OutboxMessage
from stories.queries.outbox.waiting import Waiting, late, waiting
from tests.factories import minutes

pytestmark = pytest.mark.django_db


def enqueue(due: datetime, **values: object) -> None:
    OutboxMessage.objects.create(
        **{"kind": "mail", "payload": {}, "due_at": due, "next_try_at": due, **values}
    )


def test_an_empty_outbox_waits_for_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert waiting(minutes(0)) == Waiting(count=0, since=None, error="")
    assert late(minutes(0)) is None


def test_what_is_scheduled_does_not_wait_yet() -> None:
    enqueue(minutes(10))
    assert waiting(minutes(9)).count == 0
    assert waiting(minutes(10)) == Waiting(count=1, since=minutes(10))


def test_what_was_tried_waits_since_it_was_due_and_says_why() -> None:
    enqueue(minutes(3))
    enqueue(minutes(1), next_try_at=minutes(60), attempts=2, error="Connection refused")
    assert waiting(minutes(5)) == Waiting(count=2, since=minutes(1), error="Connection refused")


def test_after_five_minutes_somebody_has_to_look() -> None:
    enqueue(minutes(0))
    assert late(minutes(4)) is None
    assert late(minutes(5)) == Waiting(count=1, since=minutes(0))

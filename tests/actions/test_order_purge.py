"""Caches are told of every change that readers see, however often it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from stories.actions.order_purge import LONGEST_WAIT, Delivered, deliver_purges
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.reinstate import reinstate
from stories.actions.withdraw import withdraw
from stories.models import Article, PurgeOrder
from stories.models.roles import MANAGING_EDITOR
from tests.factories import begin, change, go_live, make_user, minutes
from tests.ledger_last import undone

pytestmark = pytest.mark.django_db


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


def orders() -> list[tuple[list[str], object]]:
    return list(PurgeOrder.objects.order_by("pk").values_list("keys", "due_at"))


def test_what_goes_live_is_ordered_for_its_time(live: Article, maya: User) -> None:
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
    assert orders() == [(keys, minutes(10)), (keys, minutes(60))]


def test_a_draft_orders_nothing(maya: User) -> None:
    change(begin(user=maya), user=maya, dek="More")
    assert orders() == []


def test_withdrawing_bringing_back_and_developing_are_ordered_too(live: Article, maya: User) -> None:
    withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=minutes(20))
    reinstate(article=live, user=maya, reason="As agreed", at=minutes(30))
    start_developing(article=live, user=maya, at=minutes(40))
    assert [due for _, due in orders()] == [minutes(10), minutes(20), minutes(30), minutes(40)]


def test_without_a_cache_nothing_is_ordered(maya: User, settings: Settings) -> None:
    settings.PURGE_URL = ""
    go_live(begin(user=maya), user=maya)
    assert orders() == []


def test_what_was_rolled_back_orders_nothing(live: Article, maya: User) -> None:
    with undone():
        withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=minutes(20))
    assert len(orders()) == 1


def test_what_is_due_is_sent_once(live: Article) -> None:
    sent: list[list[str]] = []
    assert deliver_purges(send=sent.append, at=minutes(9)) == Delivered(0, 0)
    assert deliver_purges(send=sent.append, at=minutes(10)) == Delivered(1, 0)
    assert deliver_purges(send=sent.append, at=minutes(11)) == Delivered(0, 0)
    assert sent == [[f"story-{live.pk}", "lists"]]


def test_what_fails_is_tried_again_later_each_time(live: Article) -> None:
    def fail(keys: list[str]) -> None:
        raise OSError("The cache does not answer.")

    at, waits = minutes(10), []
    for _ in range(14):
        assert deliver_purges(send=fail, at=at) == Delivered(0, 1)
        order = PurgeOrder.objects.get()
        waits.append(order.due_at - at)
        assert deliver_purges(send=fail, at=order.due_at - timedelta(seconds=1)) == Delivered(0, 0)
        at = order.due_at
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits[-1] == LONGEST_WAIT
    assert order.error == "The cache does not answer."
    assert deliver_purges(send=lambda keys: None, at=at) == Delivered(1, 0)


def test_one_that_fails_stops_no_other(live: Article, maya: User) -> None:
    withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=minutes(20))
    answers = iter([OSError("no"), None])

    def send(keys: list[str]) -> None:
        if error := next(answers):
            raise error

    assert deliver_purges(send=send, at=minutes(30)) == Delivered(1, 1)

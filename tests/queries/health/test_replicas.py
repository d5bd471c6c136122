"""What the doctor says of replicas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings

from stories.actions.outbox.heartbeat import beat
from stories.queries.health import replicas
from stories.queries.health.checks import State
from stories.queries.health.replicas import check_replicas

Answers = dict[str, Any]

WELL: Answers = {
    "age": 0.1,
    "seen": (True, 1_000.0),
    "now": 1_000.2,
    "settings": ("FIRST 2 (a, b)", "local"),
}


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., None]:
    settings.REPLICAS = ("replica1", "replica2")

    def answer(**changed: Any) -> None:
        answers = WELL | changed

        def ask(_alias: str, query: str) -> tuple[object, ...]:
            if query == replicas._SEEN:
                if isinstance(answers["seen"], Exception):
                    raise answers["seen"]
                return tuple(answers["seen"])
            if query == replicas._SETTINGS:
                return tuple(answers["settings"])
            return (answers["age" if query == replicas._AGE else "now"],)

        monkeypatch.setattr(replicas, "_ask", ask)

    return answer


def test_a_site_without_replicas_lacks_nothing(settings: Settings) -> None:
    settings.REPLICAS = ()
    assert check_replicas().state is State.OK


def test_replicas_that_keep_up_are_ok(answer: Callable[..., None]) -> None:
    answer()
    assert check_replicas().state is State.OK


@pytest.mark.parametrize(
    ("changed", "state", "sentence"),
    [
        ({"age": None}, State.WARNING, "No worker writes the heartbeat"),
        ({"age": 3.0}, State.WARNING, "No worker writes the heartbeat"),
        ({"seen": OperationalError("postgres://desk:hunter2@db")}, State.WARNING, "(OperationalError)"),
        ({"seen": (False, 1_000.0)}, State.WRONG, "is no replica"),
        ({"seen": (True, 990.0)}, State.WARNING, "is behind"),
        ({"seen": (True, None)}, State.WARNING, "is behind"),
        ({"settings": ("", "on")}, State.WARNING, "Takedowns do not wait"),
        ({"settings": ("FIRST 1 (a)", "on")}, State.WARNING, "Every save waits"),
    ],
)
def test_what_is_amiss_is_said(
    answer: Callable[..., None], changed: Answers, state: State, sentence: str
) -> None:
    answer(**changed)
    found = check_replicas()
    assert found.state is state
    assert sentence in found.found
    assert found.remedy
    assert "hunter2" not in found.found + found.remedy


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_primary_itself_is_no_replica(settings: Settings) -> None:
    settings.REPLICAS = ("default",)
    assert "No worker writes the heartbeat" in check_replicas().found
    beat()
    assert "is no replica" in check_replicas().found

"""The worker's heartbeat: one row with the database's time, on PostgreSQL, if there are replicas."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from stories.actions.outbox import heartbeat
from stories.actions.outbox.heartbeat import Heart, beat
from stories.models import Heartbeat


@pytest.mark.django_db
def test_sqlite_has_no_replicas_and_gets_no_row() -> None:
    beat()
    assert Heartbeat.objects.exists() == (connection.vendor == "postgresql")


@pytest.mark.postgres
@pytest.mark.django_db
def test_it_is_one_row_whose_time_goes_on() -> None:
    beat()
    first = Heartbeat.objects.get()
    beat()
    second = Heartbeat.objects.get()
    assert second.beat_at > first.beat_at


def test_without_replicas_nobody_needs_it(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    beats: list[None] = []
    monkeypatch.setattr(heartbeat, "beat", lambda: beats.append(None))
    monkeypatch.setattr(heartbeat, "INTERVAL", 0.001)
    settings.REPLICAS = ()
    heart = Heart()
    heart.start()
    time.sleep(0.05)
    heart.stop()
    assert not beats


def test_it_goes_on_after_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    beats: list[None] = []

    def unreliable() -> None:
        beats.append(None)
        if len(beats) < 4:
            raise OperationalError("It is away.")

    monkeypatch.setattr(heartbeat, "beat", unreliable)
    monkeypatch.setattr(heartbeat, "INTERVAL", 0.001)
    monkeypatch.setattr(heartbeat, "PAUSE", 0.001)
    settings.REPLICAS = ("replica1",)
    heart = Heart()
    heart.start()
    until = time.monotonic() + 10
    while len(beats) < 8 and time.monotonic() < until:
        time.sleep(0.01)
    heart.stop()
    assert len(beats) >= 8
    assert caplog.text.count("The heartbeat can't be written") == 1

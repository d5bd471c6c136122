"""Fixtures of the journeys: a clock that the test moves, and a reader's window besides the editor's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Error, Page
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from tests.browser import PATIENCE
from tests.factories import MORNING, make_user


class Clock:
    """The server's clock, which stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock. The live server runs in a thread of the test's own process, and reads it too."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@pytest.fixture
def reader(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return a window without a sign-in. Unlike in `page`, an address may return 404."""
    faults: list[Error] = []

    def record_error(error: Error) -> None:
        faults.append(error)

    context = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    window.on("pageerror", record_error)
    yield window
    context.close()
    assert not faults


@pytest.fixture
def emil(transactional_db: None) -> User:
    return make_user(EDITOR)


@pytest.fixture
def maya(transactional_db: None) -> User:
    return make_user(MANAGING_EDITOR)

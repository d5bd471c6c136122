"""Receivers of the outbox: a cache that answers, and a mail server at a port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from newsroom.environment import email
from tests.outbox import Cache, running_cache


@pytest.fixture
def cache(settings: Settings) -> Iterator[Cache]:
    with running_cache() as running:
        settings.PURGE_URL = running.address
        yield running


@pytest.fixture
def smtp(settings: Settings) -> Callable[[int], None]:
    """Send by SMTP, to a port of this machine."""

    def use(port: int) -> None:
        for name, value in email(urlsplit(f"smtp://127.0.0.1:{port}"), timeout=1).items():
            setattr(settings, name, value)

    return use

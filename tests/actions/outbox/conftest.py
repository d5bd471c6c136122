"""Receivers of the outbox: a cache that answers, and a mail server at a port."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

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
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1

    return use

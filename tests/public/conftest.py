"""Readers come at a fixed time, ten hours after the fixed morning."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from tests.factories import minutes

NOW = minutes(600)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW

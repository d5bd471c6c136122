"""Readers come at a fixed time, ten hours after the fixed morning."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from stories.models.roles import MANAGING_EDITOR
from tests.factories import make_user, minutes

NOW = minutes(600)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.fixture
def maya(db: None) -> User:
    return make_user(MANAGING_EDITOR)

"""Whose accounts they are."""

from __future__ import annotations

import pytest

from stories.models import User


@pytest.fixture
def rosa(reporter: User) -> User:
    """Rosa, a reporter, by her name."""
    return reporter

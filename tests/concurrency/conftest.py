"""Who decides at the same time as Maya of the common cast."""

from __future__ import annotations

import pytest

from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from tests import factories as make


@pytest.fixture
def max_() -> User:
    return make.make_user(MANAGING_EDITOR, name="max")

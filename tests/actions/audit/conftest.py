"""A story, and who decides on its dossiers or looks at them."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from stories.models.roles import OUTSIDE_AUDITOR
from tests import factories as make


@pytest.fixture
def aldo(auditor: User) -> User:
    return auditor


@pytest.fixture
def oda() -> User:
    return make.make_user(OUTSIDE_AUDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    return make.begin(user=maya)

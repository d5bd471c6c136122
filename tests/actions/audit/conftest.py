"""A story, and who decides on its dossiers or looks at them."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR
from tests import factories as make


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def aldo() -> User:
    return make.make_user(AUDITOR)


@pytest.fixture
def oda() -> User:
    return make.make_user(OUTSIDE_AUDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    return make.begin(user=maya)

"""A story with a request for comment, whose answers the desk stores."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from tests.factories import begin, request, wanted


@pytest.fixture
def article(reporter: User) -> Article:
    """A reporter's draft that asks Corvid Systems for comment."""
    return begin(wanted(comment_requests=(request(),)), user=reporter)

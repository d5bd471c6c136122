"""A published story, whose dossier is read."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from tests.public.stories import make_answer


@pytest.fixture
def article(editor: User) -> Article:
    """Corvid's answer: three versions, and a draft of more since."""
    return make_answer(editor)

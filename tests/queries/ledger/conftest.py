"""A story whose four entries the ledger's pages list."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from tests.factories import begin, go_live, minutes, reword, wanted


@pytest.fixture
def article(editor: User, reporter: User) -> Article:
    """A reporter's story with two versions: the first, and a minor one. Entries 1 to 4."""
    article = begin(wanted("Council meets"), user=reporter)
    go_live(article, user=editor, at=minutes(10))
    reword(article, user=editor, at=minutes(20))
    go_live(article, user=editor, at=minutes(30), publication_class="minor", reason="An adverb")
    return article

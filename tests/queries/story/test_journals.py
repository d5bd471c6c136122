"""Of a story's entries in a journal the newest counts."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions.publishing.embargoes import set_embargo
from stories.models import Embargo, User
from stories.queries.story.journals import newest_entry
from tests.factories import begin, minutes, wanted

pytestmark = pytest.mark.django_db


def test_the_newest_entry_of_the_story_is_found_though_others_have_newer_ones(editor: User) -> None:
    article, other = begin(wanted("One"), user=editor), begin(wanted("Two"), user=editor)
    assert newest_entry(Embargo, article) is None
    why: dict[str, Any] = {"user": editor, "reason": "Promised to the court", "at": minutes(0)}
    set_embargo(article=article, until=minutes(30), **why)
    longer = set_embargo(article=article, until=minutes(60), **why)
    set_embargo(article=other, until=minutes(90), **why)
    assert newest_entry(Embargo, article) == newest_entry(Embargo, article.pk) == longer

"""The page right after publishing, and the history, say what was published once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stories.models import Article, User
from tests.admin.reviewing import on, page, review, reword
from tests.factories import begin, go_live, text, wanted

pytestmark = pytest.mark.django_db

NOTE = "We counted again."


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(wanted("Council", text("<p>The mayor counted 12 people.</p>")), user=editor)
    go_live(article, user=editor)
    reword(article, editor, "12 people", "21 people")
    return article


def test_a_note_that_is_the_reason_too_is_written_once(desk: Client, article: Article) -> None:
    published = review(desk, article, kind="correction", text=NOTE)
    content = published.content.decode()
    assert "Version 2 is live." in content
    assert "<p>With a note</p>" in content
    assert content.count(NOTE) == 1
    row = desk.get(page("history", article)).content.decode().split('class="publication"')[1]
    assert row.split("</span>")[0].count(NOTE) == 1


def test_what_is_scheduled_is_not_called_published(desk: Client, article: Article) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    scheduled = review(desk, article, kind="correction", text=NOTE, when="later", **on(tomorrow, "live_from"))
    content = scheduled.content.decode()
    assert "is scheduled. It goes live by itself" in content
    assert "Published:" not in content

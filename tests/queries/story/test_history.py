"""A story's history, page by page: each revision with what became of it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.review_requests import offer
from stories.models import Article, User
from stories.queries.story import history as module
from stories.queries.story.history import history_page, published_lines
from tests.factories import begin, change, go_live, minutes, note, reword

pytestmark = pytest.mark.django_db

AT = minutes(60)


@pytest.fixture
def article(editor: User) -> Article:
    """A story whose revision 1 is version 1, 2 was offered, and 3 is version 2 with a note."""
    article = begin(user=editor)
    go_live(article, user=editor)
    change(article, user=editor, dek="More", at=minutes(5))
    offer(article=article, revision=2, user=editor, at=minutes(6))
    change(article, user=editor, update_notes=(note(),), at=minutes(7))
    go_live(article, user=editor, at=minutes(8))
    return article


def test_each_revision_has_its_changes_publications_and_offers(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        third, second, first = history_page(article.pk, at=AT).lines
    assert [line.version for line in (third, second, first)] == [2, 0, 1]
    assert [len(line.offers) for line in (third, second, first)] == [0, 1, 0]
    assert [each.text for each in third.publications[0].notes] == ["A misspelt name was corrected."]
    assert second.changes


def test_it_goes_on_by_the_number_of_the_last_line(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_LENGTH", 2)
    page = history_page(article.pk, at=AT)
    assert ([line.revision.number for line in page.lines], page.older_before) == ([3, 2], 2)
    last = history_page(article.pk, at=AT, before=page.older_before)
    assert ([line.revision.number for line in last.lines], last.older_before) == ([1], None)


def test_what_is_still_to_come_or_was_cancelled_has_no_number(article: Article, editor: User) -> None:
    reword(article, user=editor, at=minutes(9))
    how = {"publication_class": "minor", "reason": "An adverb"}
    pending = go_live(article, user=editor, at=minutes(10), live_from=minutes(90), **how)
    (line,) = published_lines([pending.revision_id], minutes(89))[pending.revision_id]
    assert line.version == 0
    (line,) = published_lines([pending.revision_id], minutes(90))[pending.revision_id]
    assert line.version == 3
    cancel(publication=pending, user=editor, reason="Overtaken", at=minutes(11))
    (line,) = published_lines([pending.revision_id], minutes(90))[pending.revision_id]
    assert line.version == 0

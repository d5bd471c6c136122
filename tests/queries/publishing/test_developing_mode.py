"""A story develops until its time is over, and owes a summary until one is published."""

from __future__ import annotations

import pytest

from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.models import Article, User
from stories.queries.publishing.developing_mode import developing_until, is_developing, owes_summary
from tests.factories import begin, go_live, minutes, note

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(user=editor)
    go_live(article, user=editor)
    return article


def test_the_mode_expires_by_itself_and_the_summary_stays_owed(article: Article, editor: User) -> None:
    assert not is_developing(article.pk, at=minutes(1))
    assert not owes_summary(article.pk)
    start_developing(article=article, user=editor, until=minutes(60), at=minutes(1))
    assert developing_until(article.pk, at=minutes(59)) == minutes(60)
    assert developing_until(article.pk, at=minutes(60)) is None
    assert owes_summary(article.pk)


def test_the_summary_ends_both(article: Article, editor: User) -> None:
    start_developing(article=article, user=editor, until=minutes(60), at=minutes(1))
    end_developing(article=article, note=note("The council met."), user=editor, at=minutes(30))
    assert not is_developing(article.pk, at=minutes(31))
    assert not owes_summary(article.pk)

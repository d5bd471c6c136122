"""What changes on readers' pages by itself, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import start_developing
from stories.models import Article, User
from stories.queries.site.due import NOTICE, next_due, stories_due
from tests.factories import MORNING, begin, change, go_live, minutes, note

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(user=maya)
    go_live(article, user=maya)
    return article


def test_nothing_is_due_where_nothing_is_pending(article: Article) -> None:
    assert next_due(minutes(1)) is None
    assert stories_due(minutes(1), minutes(600)) == set()


def test_a_scheduled_version_is_due_a_little_before_and_at_its_time(article: Article, maya: User) -> None:
    change(article, user=maya, at=minutes(1), headline="Another headline")
    publication = go_live(article, user=maya, at=minutes(2), live_from=minutes(60), notes=(note(),))
    at = minutes(60)
    assert next_due(minutes(2)) == at - NOTICE
    assert next_due(at - NOTICE) == at
    assert next_due(at) is None
    for moment in (at - NOTICE, at):
        assert stories_due(moment - SECOND, moment) == {article.pk}
        assert stories_due(moment, moment + SECOND) == set()
    cancel(publication=publication, user=maya, reason="Not yet", at=minutes(3))
    assert next_due(minutes(3)) is None
    assert stories_due(MORNING - SECOND, minutes(600)) == {article.pk}, (
        "its first version went live at that time"
    )


def test_the_end_of_developing_mode_is_due(article: Article, maya: User) -> None:
    start_developing(article=article, user=maya, until=minutes(90), at=minutes(5))
    assert next_due(minutes(5)) == minutes(90)
    assert stories_due(minutes(89), minutes(90)) == {article.pk}

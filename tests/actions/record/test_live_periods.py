"""A story's live periods are kept with each event that moves them, in its transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.publishing.cancellations import cancel
from stories.actions.record.live_periods import update_live_periods
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import NEVER, Article, LiveCredit, LivePeriod, Publication, PublishedStory, User
from stories.models.roles import MANAGING_EDITOR
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(db: None) -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    """A live story with a byline, and a version that is scheduled."""
    story = make.wanted("Council meets", bylines=(make.byline(make.make_author()),))
    article = make.begin(story, user=maya)
    make.go_live(article, user=maya)
    make.reword(article, user=maya)
    make.go_live(
        article,
        user=maya,
        at=make.minutes(1),
        live_from=make.minutes(30),
        publication_class="override",
        reason="As agreed",
    )
    return article


def periods() -> list[tuple[object, ...]]:
    return list(LivePeriod.objects.order_by("number").values_list("number", "live_from", "live_until"))


def test_a_scheduled_version_ends_the_one_before_at_its_time(article: Article) -> None:
    assert periods() == [(1, make.MORNING, make.minutes(30)), (2, make.minutes(30), NEVER)]
    assert LiveCredit.objects.filter(author="ines-calder").count() == 2


def test_of_a_cancelled_version_nothing_is_left(article: Article, maya: User) -> None:
    pending = Publication.objects.get(live_from=make.minutes(30))
    cancel(publication=pending, user=maya, reason="Not yet", at=make.minutes(2))
    assert periods() == [(1, make.MORNING, NEVER)]
    assert LiveCredit.objects.count() == 1
    assert not PublishedStory.objects.filter(pk=pending.pk).exists()


def test_a_withdrawn_story_credits_nobody_until_it_comes_back(article: Article, maya: User) -> None:
    pending = Publication.objects.get(live_from=make.minutes(30))
    cancel(publication=pending, user=maya, reason="Not yet", at=make.minutes(2))
    withdraw(article=article, user=maya, notice="Gone.", reason="An order", at=make.minutes(3))
    assert LivePeriod.objects.get().withdrawn
    assert not LiveCredit.objects.exists()
    reinstate(article=article, user=maya, reason="It ended", at=make.minutes(4))
    assert not LivePeriod.objects.get().withdrawn
    assert LiveCredit.objects.count() == 1


def test_nothing_is_written_that_is_right_already(article: Article) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        update_live_periods(article.pk)
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in captured)


def test_a_period_that_is_wrong_or_missing_is_written_again(article: Article) -> None:
    before = periods()
    first, second = LivePeriod.objects.order_by("number")
    LivePeriod.objects.filter(pk=first.pk).update(live_until=NEVER, number=7)
    LiveCredit.objects.filter(period=first).update(first_live_from=make.MORNING - timedelta(days=1))
    second.delete()
    update_live_periods(article.pk)
    assert periods() == before
    assert set(LiveCredit.objects.values_list("first_live_from", flat=True)) == {make.MORNING}

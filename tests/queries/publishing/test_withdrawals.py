"""Which stories are withdrawn and were, which drafts are discarded, and whose a story is."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard, recover
from stories.actions.editing.pictures import store_picture
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.domain.snapshot import ImageBlock
from stories.models import Article, User
from stories.queries.publishing.withdrawals import (
    assignee_of,
    is_discarded,
    times_down,
    withdrawal_at,
    withdrawal_in_force,
    withdrawal_of_picture,
)
from tests.factories import begin, go_live, minutes, png, request, wanted

pytestmark = pytest.mark.django_db

AT = minutes(90)


def take_down(article: Article, user: User, minute: int) -> None:
    withdraw(article=article, user=user, notice="It was taken down.", reason="Untrue", at=minutes(minute))


def test_a_withdrawal_is_found_by_story_by_address_and_by_picture_until_it_comes_back(
    editor: User, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    digest = store_picture(content=png(), user=editor).digest
    picture = ImageBlock(key=request().key, picture=digest, alt_text="Red")
    article = begin(wanted("Council", picture, slug="council"), user=editor)
    go_live(article, user=editor)
    assert withdrawal_at("council", at=AT) is None
    take_down(article, maya, 10)
    with django_assert_num_queries(3):
        found = (
            withdrawal_in_force(article.pk),
            withdrawal_at("council", at=AT),
            withdrawal_of_picture(digest, at=AT),
        )
    assert [each.notice if each else "" for each in found] == ["It was taken down."] * 3
    assert withdrawal_at("elsewhere", at=AT) is None
    reinstate(article=article, user=maya, reason="It was true", at=minutes(20))
    assert withdrawal_in_force(article.pk) is None
    assert withdrawal_at("council", at=AT) is None
    assert withdrawal_of_picture(digest, at=AT) is None


def test_the_times_for_which_it_was_down_are_listed_once_it_is_back(editor: User, maya: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    for minute in (10, 30):
        take_down(article, maya, minute)
        assert (minutes(minute), AT) not in times_down(article.pk, at=AT)
        reinstate(article=article, user=maya, reason="It was true", at=minutes(minute + 5))
    take_down(article, maya, 50)
    assert times_down(article.pk, at=AT) == [(minutes(10), minutes(15)), (minutes(30), minutes(35))]
    assert times_down(article.pk, at=minutes(12)) == []


def test_a_draft_is_discarded_until_it_is_recovered(editor: User) -> None:
    article = begin(user=editor)
    assert not is_discarded(article.pk)
    discard(article=article, user=editor)
    assert is_discarded(article.pk)
    recover(article=article, user=editor)
    assert not is_discarded(article.pk)


def test_a_story_that_was_given_to_nobody_again_is_nobodys(editor: User, reporter: User) -> None:
    article = begin(user=editor)
    given = assign(article=article, to=reporter, user=editor)
    assert assignee_of(article.pk) == given
    assign(article=article, to=None, user=editor)
    assert assignee_of(article.pk) is None

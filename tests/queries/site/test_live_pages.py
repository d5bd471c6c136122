"""The small query gives the same answer as the large one."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import Article, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.publishing.versions import live_version
from stories.queries.site.live_pages import live_page
from tests.factories import begin, change, go_live, make_user, minutes, wanted

pytestmark = pytest.mark.django_db

SLUGS = ("first", "second", "third", "never")


@pytest.fixture
def maya(db: None) -> User:
    return make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    """A story live under one slug, then another; a third is claimed for a scheduled version."""
    article = begin(wanted("A story", slug="first"), user=maya)
    go_live(article, user=maya, at=minutes(10))
    for number, slug in enumerate(("second", "third")):
        change(article, user=maya, slug=slug, at=minutes(11 + number))
        go_live(
            article,
            user=maya,
            at=minutes(20 + number),
            live_from=minutes(20 + 40 * number) if number else None,
            publication_class="override",
            reason="As agreed",
        )
    return article


def same(minute: int) -> None:
    for slug in SLUGS:
        at = minutes(minute)
        page, version = live_page(slug, at=at), live_version(slug, at=at)
        assert (page is None) == (version is None), (slug, minute)
        if page is None or version is None:
            continue
        assert (page.fingerprint, page.slug, page.kind, page.live_from) == (
            version.fingerprint,
            version.slug,
            version.kind,
            version.live_from,
        )
        assert page.developing == (version.developing_until is not None)


@pytest.mark.parametrize("minute", [0, 10, 15, 20, 25, 59, 60, 90])
def test_at_any_time_both_agree(article: Article, minute: int) -> None:
    same(minute)


def test_what_is_pending_is_returned_with_its_time(article: Article, maya: User) -> None:
    page = live_page("first", at=minutes(30))
    assert page is not None
    assert page.pending_from == minutes(60)
    (pending,) = article.publications.filter(live_from=minutes(60))
    cancel(publication=pending, user=maya, reason="As agreed", at=minutes(30))
    page = live_page("first", at=minutes(31))
    assert page is not None
    assert page.pending_from is None


def test_withdrawn_and_brought_back(article: Article, maya: User) -> None:
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(70))
    same(75)
    assert live_page("second", at=minutes(75)) is None
    reinstate(article=article, user=maya, reason="As agreed", at=minutes(80))
    same(85)
    page = live_page("second", at=minutes(85))
    assert page is not None
    assert page.withdrawals == 2


def test_developing(article: Article, maya: User) -> None:
    start_developing(article=article, user=maya, at=minutes(30))
    same(31)
    page = live_page("second", at=minutes(31))
    assert page is not None
    assert page.developing
    same(1_000)


def test_it_is_one_query(article: Article, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        live_page("second", at=minutes(30))

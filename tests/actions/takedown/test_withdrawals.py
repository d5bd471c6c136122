"""Withdrawing stories and discarding drafts: nothing published is deleted, and the ledger retains the record."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.errors import PublishRefused, Refused
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import Article, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.publishing.versions import (
    live_stories,
    live_version,
    recent_notes,
    versions,
)
from stories.queries.publishing.withdrawals import withdrawal_at, withdrawal_in_force
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

SLUG = "council-hears-objections"
NOW = make.minutes(9)


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    return article


def take_down(article: Article, user: User) -> None:
    withdraw(article=article, user=user, notice="We took this down.", reason="A threat", at=make.minutes(2))


def test_a_withdrawn_story_is_in_no_list_and_its_notice_is_at_its_address(
    article: Article, maya: User
) -> None:
    take_down(article, maya)
    assert live_version(SLUG, at=NOW) is None
    assert live_stories(at=NOW, limit=10) == []
    assert versions(article.pk, at=NOW) == []
    assert recent_notes(at=NOW, limit=10, kinds=()) == []
    withdrawal = withdrawal_at(SLUG, at=NOW)
    assert withdrawal is not None
    assert withdrawal.notice == "We took this down."


def test_brought_back_it_has_every_version_that_it_had(article: Article, maya: User) -> None:
    take_down(article, maya)
    reinstate(article=article, user=maya, reason="The threat is over", at=make.minutes(3))
    version = live_version(SLUG, at=NOW)
    assert version is not None
    assert version.number == 1
    assert withdrawal_in_force(article.pk) is None
    assert list(Verification()) == []


def test_what_is_withdrawn_is_not_published_further(article: Article, emil: User, maya: User) -> None:
    take_down(article, maya)
    make.change(article, user=emil, update_notes=(make.note(),))
    with pytest.raises(PublishRefused, match="Bring it back first"):
        make.go_live(article, user=emil, at=make.minutes(3))


def test_what_is_to_go_live_is_cancelled_before_a_withdrawal(
    article: Article, emil: User, maya: User
) -> None:
    make.change(article, user=emil, update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    with pytest.raises(Refused, match="Cancel it first"):
        take_down(article, maya)


def test_a_withdrawal_says_what_is_missing(article: Article, maya: User, emil: User) -> None:
    with pytest.raises(Refused, match="notice that readers find"):
        withdraw(article=article, user=maya, notice=" ", reason="As agreed", at=NOW)
    with pytest.raises(Refused, match="Say why"):
        withdraw(article=article, user=maya, notice="Down.", reason=" ", at=NOW)
    with pytest.raises(Refused, match="not withdrawn"):
        reinstate(article=article, user=maya, reason="As agreed", at=NOW)
    with pytest.raises(Refused, match="never live"):
        withdraw(
            article=make.begin(make.wanted("Draft"), user=emil),
            user=maya,
            notice="Down.",
            reason="As agreed",
            at=NOW,
        )
    take_down(article, maya)
    with pytest.raises(Refused, match="withdrawn already"):
        take_down(article, maya)
    with pytest.raises(Refused, match="comes back"):
        reinstate(article=article, user=maya, reason=" ", at=NOW)


@pytest.mark.parametrize("role", [REPORTER, EDITOR, AUDITOR, None])
def test_only_a_managing_editor_withdraws(article: Article, maya: User, role: str | None) -> None:
    other = make.make_user(role, name="other")
    with pytest.raises(PermissionDenied):
        take_down(article, other)
    take_down(article, maya)
    with pytest.raises(PermissionDenied):
        reinstate(article=article, user=other, reason="As agreed", at=NOW)

"""A publication is cancelled only while it is certain that no reader sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stories.actions.errors import Refused
from stories.actions.publishing.cancellations import cancel
from stories.models import Article, User
from stories.models.roles import EDITOR
from stories.queries.publishing.versions import (
    live_version,
)
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


SLUG = "council-hears-objections"


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    return make.begin(user=emil)


def live_number(at: datetime, slug: str = SLUG) -> int | None:
    version = live_version(slug, at=at)
    return version.number if version else None


def test_a_cancelled_publication_never_goes_live_and_takes_no_number(article: Article, emil: User) -> None:
    pending = make.go_live(article, user=emil, live_from=make.minutes(30))
    cancel(publication=pending, user=emil, reason="Not ready", at=make.minutes(1))
    assert live_version(SLUG, at=make.minutes(31)) is None
    with pytest.raises(Refused, match="cancelled already"):
        cancel(publication=pending, user=emil, reason="Again", at=make.minutes(2))
    make.go_live(article, user=emil, at=make.minutes(40))
    assert live_number(make.minutes(40)) == 1
    assert list(Verification()) == []


def test_what_is_live_can_not_be_cancelled(article: Article, emil: User) -> None:
    publication = make.go_live(article, user=emil)
    with pytest.raises(Refused, match="is live"):
        cancel(publication=publication, user=emil, reason="Oops", at=make.minutes(1))
    pending = make.go_live(make.begin(make.wanted("Other"), user=emil), user=emil, live_from=make.minutes(9))
    with pytest.raises(Refused, match="Say why"):
        cancel(publication=pending, user=emil, reason=" ", at=make.minutes(1))


def test_what_is_about_to_go_live_is_not_cancelled(article: Article, emil: User) -> None:
    pending = make.go_live(article, user=emil, live_from=make.minutes(1))
    with pytest.raises(Refused, match="about to be"):
        cancel(publication=pending, user=emil, reason="As agreed", at=make.minutes(1) - timedelta(seconds=4))

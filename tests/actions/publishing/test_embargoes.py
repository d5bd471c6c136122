"""An embargo refuses earlier times until it ends or is lifted."""

from __future__ import annotations

from datetime import datetime

import pytest

from stories.actions.errors import PublishRefused, Refused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
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


def test_an_embargo_refuses_an_earlier_time_until_it_is_lifted(article: Article, emil: User) -> None:
    set_embargo(
        article=article, until=make.minutes(30), user=emil, reason="Promised to the court", at=make.MORNING
    )
    for live_from in (None, make.minutes(29)):
        with pytest.raises(PublishRefused, match="under embargo until"):
            make.go_live(article, user=emil, at=make.minutes(1), live_from=live_from)
    pending = make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    with pytest.raises(Refused, match="before the embargo ends"):
        set_embargo(article=article, until=make.minutes(60), user=emil, reason="Longer", at=make.minutes(2))
    cancel(publication=pending, user=emil, reason="Sooner", at=make.minutes(2))
    set_embargo(article=article, until=None, user=emil, reason="They published it", at=make.minutes(3))
    make.go_live(article, user=emil, at=make.minutes(4))
    assert live_number(make.minutes(4)) == 1
    assert list(Verification()) == []

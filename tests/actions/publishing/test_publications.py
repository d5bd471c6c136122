"""What a publication writes: its address for ever, its notes, and what lists show of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from stories.actions.errors import PublishRefused
from stories.models import Article, Publication, User
from stories.models.roles import EDITOR
from stories.queries.publishing.versions import (
    live_version,
    versions,
)
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


def test_an_address_is_the_storys_for_ever_and_never_anothers(article: Article, emil: User) -> None:
    other = make.begin(make.wanted("Another", slug=SLUG), user=emil)
    make.go_live(article, user=emil)
    make.change(article, user=emil, slug="objections-heard", update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1))
    for slug in (SLUG, "objections-heard"):
        version = live_version(slug, at=make.minutes(1))
        assert version is not None
        assert version.slug == "objections-heard"
    with pytest.raises(PublishRefused, match="belongs to another story, for ever"):
        make.go_live(other, user=emil, at=make.minutes(2))
    assert Publication.objects.count() == 2


def test_a_slug_that_is_only_scheduled_leads_nowhere(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, slug="secret-plan", update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    assert live_version("secret-plan", at=make.minutes(29)) is None
    assert live_number(make.minutes(29)) == 1
    assert live_number(make.minutes(30), "secret-plan") == 2


def test_a_version_says_how_much_it_changed(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, blocks=(make.text("<p>The council sat on Monday, late.</p>"),))
    make.go_live(article, user=emil, at=make.minutes(1), publication_class="minor", reason="A word")
    newest, first = versions(article.pk, at=make.minutes(1))
    assert (first.words_added, first.words_removed) == (0, 0)
    assert (newest.words_added, newest.words_removed) == (2, 1)

"""The versions that readers have: which is live when, how it reads, what was announced."""

from __future__ import annotations

import pytest

from stories.domain.snapshot import TextBlock
from stories.models import Article, User
from stories.models.roles import EDITOR
from stories.queries.publishing.versions import (
    Version,
    live_stories,
    live_version,
    picture_is_public,
    public_story,
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


def words(version: Version) -> str:
    (block,) = public_story(version).blocks
    assert isinstance(block, TextBlock)
    return block.text


def test_updated_moves_only_for_what_was_announced_to_readers(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(5))
    make.reword(article, user=emil)
    make.go_live(article, user=emil, at=make.minutes(9), publication_class="minor", reason="Tidied")
    version = live_version(SLUG, at=make.minutes(9))
    assert version is not None
    assert (version.number, version.live_from, version.updated_at) == (3, make.minutes(9), make.minutes(5))


def test_readers_see_the_revision_that_was_published_not_the_working_copy(
    article: Article, emil: User
) -> None:
    make.go_live(article, user=emil)
    make.reword(article, user=emil)
    make.change(article, user=emil, comment_requests=(make.request(shown=False),))
    version = live_version(SLUG, at=make.minutes(1))
    assert version is not None
    assert words(version) == "<p>The council met on Monday.</p>"
    make.go_live(article, user=emil, at=make.minutes(2), publication_class="minor", reason="A word")
    version = live_version(SLUG, at=make.minutes(2))
    assert version is not None
    assert words(version) == "<p>The council met briefly on Monday.</p>"
    assert public_story(version).comment_requests == ()


def test_no_picture_is_public_that_no_version_shows(article: Article) -> None:
    assert not picture_is_public("0" * 64, at=make.MORNING)


def test_every_list_of_versions_is_one_query(
    article: Article, emil: User, django_assert_num_queries: object
) -> None:
    make.go_live(article, user=emil)
    for number in range(1, 5):
        make.reword(article, user=emil, number=number)
        make.go_live(article, user=emil, at=make.minutes(number), publication_class="minor", reason="Dek")
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        live_version(SLUG, at=make.minutes(9))
    with django_assert_num_queries(1):
        versions(article.pk, at=make.minutes(9))
    with django_assert_num_queries(1):
        live_stories(at=make.MORNING, limit=20)

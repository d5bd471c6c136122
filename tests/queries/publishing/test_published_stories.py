"""A version's story comes from its row if that is there and current, else from history; the answer is the same."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.models import Article, PublishedStory
from stories.models.roles import EDITOR
from stories.queries.publishing.published_stories import published_stories, published_story
from stories.queries.publishing.versions import public_story, versions
from tests import factories as make
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db
AT = make.minutes(600)


@pytest.fixture
def article(db: None) -> Article:
    return make_answer(make.make_user(EDITOR))


def test_every_version_reads_as_in_history(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = versions(article.pk, at=AT)
    assert found
    with django_assert_num_queries(1):
        stories = published_stories(found)
    assert stories == {version.publication_id: public_story(version) for version in found}


@pytest.mark.parametrize("form", ["", "0", "of another mask"])
def test_without_a_current_row_history_is_read(article: Article, form: str) -> None:
    version = versions(article.pk, at=AT)[0]
    expected = public_story(version)
    if form:
        PublishedStory.objects.update(form=form, data="{}")
    else:
        PublishedStory.objects.all().delete()
    assert published_story(version) == expected

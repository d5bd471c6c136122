"""A story as plain data, as it is and as it was at any revision, in as many queries however long its history."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.domain import snapshot as domain
from stories.models import Article, Revision, User
from stories.models.integrity.registry import TRACKED_MODELS
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def latest(article: Article) -> domain.StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def test_every_revision_reads_as_it_read_then(emil: User) -> None:
    first, second = make.text("<p>First.</p>"), make.quote("<p>Second.</p>")
    article = make.begin(make.wanted("Remember", first, second), user=emil)
    remembered = [latest(article)]
    for values in (
        {"blocks": (second, first)},
        {"headline": "Remembered"},
        {"blocks": (first,)},
        {"blocks": (first, second), "dek": "With a dek"},
        {"blocks": ()},
    ):
        make.change(article, user=emil, **values)
        remembered.append(latest(article))
    for number, story in enumerate(remembered, start=1):
        assert snapshot_at(article.pk, number) == story
    assert list(Verification()) == []


def test_a_snapshot_costs_a_query_a_tracked_model_however_long_the_history(emil: User) -> None:
    article = make.begin(user=emil)
    for number in range(12):
        make.change(article, user=emil, headline=f"Headline {number}", blocks=(make.text(), make.quote()))
    for revision in (1, 13):
        with CaptureQueriesContext(connection) as queries:
            snapshot_at(article.pk, revision)
        assert len(queries) == len(TRACKED_MODELS)


def test_a_revision_that_is_not_there_has_no_snapshot(emil: User) -> None:
    article = make.begin(user=emil)
    for number in (0, -1):
        with pytest.raises(Revision.DoesNotExist):
            snapshot_at(article.pk, number)

"""A story's status row is updated by every event, and only as far as the event can change it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.record.story_status import update_story_status
from stories.models import EntryKind, StoryStatus, User
from tests.factories import begin, change, go_live, minutes

pytestmark = pytest.mark.django_db


def test_a_new_story_gets_its_row_with_its_first_event(editor: User) -> None:
    article = begin(user=editor)
    status = StoryStatus.objects.get()
    assert (status.article_id, status.newest, status.publications) == (article.pk, 1, 0)


def test_a_row_that_is_lost_is_made_anew_from_the_journals(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    change(article, user=editor, dek="More", at=minutes(5))
    before = StoryStatus.objects.values().get()
    StoryStatus.objects.all()._raw_delete("default")
    update_story_status(article.pk, [EntryKind.REVISION])
    assert StoryStatus.objects.values().get() == before
    with django_assert_num_queries(1):
        update_story_status(article.pk, [EntryKind.REVISION, EntryKind.PUBLICATION])


def test_a_revision_updates_what_depends_on_revisions_alone(editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    StoryStatus.objects.update(newest=7, publications=7)
    update_story_status(article.pk, [EntryKind.REVISION])
    status = StoryStatus.objects.get()
    assert (status.newest, status.publications) == (1, 7)
    update_story_status(article.pk, [EntryKind.PUBLICATION])
    assert StoryStatus.objects.get().publications == 1

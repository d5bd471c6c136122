"""A story's status row is updated by every event, and only as far as the event can change it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard, recover
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.review_requests import offer, take_back
from stories.actions.record.story_status import update_story_status
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.domain.snapshot import RequestStatus
from stories.models import EntryKind, LedgerEntry, Publication, StoryStatus, User
from stories.queries.desk.story_status import COLUMNS_OF_KIND
from stories.queries.verification.story.story_status import check_story_status
from tests.factories import begin, change, go_live, minutes, request, reword

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


def test_after_an_event_of_every_kind_the_row_agrees_with_the_journals(maya: User, reporter: User) -> None:
    article = begin(user=reporter)
    received = request("B", status=RequestStatus.RECEIVED, responded_at=minutes(1))
    events: list[Callable[[], object]] = [
        lambda: change(article, user=reporter, comment_requests=(request(), received)),
        lambda: offer(article=article, revision=2, user=reporter, at=minutes(1)),
        lambda: take_back(article=article, user=reporter, at=minutes(1)),
        lambda: assign(article=article, to=maya, user=maya, at=minutes(1)),
        lambda: discard(article=article, user=maya, at=minutes(1)),
        lambda: recover(article=article, user=maya, at=minutes(1)),
        lambda: offer(article=article, revision=2, user=reporter, at=minutes(2)),
        lambda: set_embargo(article=article, until=minutes(30), user=maya, reason="As agreed", at=minutes(2)),
        lambda: go_live(article, user=maya, at=minutes(2), live_from=minutes(60)),
        lambda: cancel(publication=Publication.objects.get(), user=maya, reason="As agreed", at=minutes(3)),
        lambda: set_embargo(article=article, until=None, user=maya, reason="As agreed", at=minutes(4)),
        lambda: go_live(article, user=maya, at=minutes(5)),
        lambda: reword(article, user=maya, at=minutes(6)),
        lambda: start_developing(article=article, user=maya, at=minutes(7)),
        lambda: go_live(article, user=maya, publication_class="minor", reason="A word", at=minutes(8)),
        lambda: withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(9)),
        lambda: reinstate(article=article, user=maya, reason="As agreed", at=minutes(9)),
    ]
    seen: list[dict[str, object]] = [{**StoryStatus.objects.values().get()}]
    for event in events:
        event()
        assert list(check_story_status([article.pk])) == []
        seen.append({**StoryStatus.objects.values().get()})
    assert all(before != after for before, after in pairwise(seen))
    assert set(LedgerEntry.objects.values_list("kind", flat=True)) == set(COLUMNS_OF_KIND)
    changed = {name for row in seen for name in row if row[name] != seen[0][name]}
    assert {name for columns in COLUMNS_OF_KIND.values() for name in columns} <= changed

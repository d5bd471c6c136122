"""A story is restored to an earlier revision as a whole, as a new revision that names its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stories.actions.editing.restore import restore
from stories.actions.errors import Refused
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind, StorySnapshot
from stories.models import Article, Revision, User
from stories.models.record.revisions import RevisionSource
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests.factories import (
    begin,
    change,
    embed,
    go_live,
    make_user,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil(db: None) -> User:
    return make_user(EDITOR)


def story_now(article: Article) -> StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def test_deleted_blocks_come_back_under_their_keys_and_all_in_their_order(emil: User) -> None:
    blocks = (text("<p>One.</p>"), quote("<p>Two.</p>"), embed(), text("<p>Four.</p>"))
    article = begin(wanted("Council", *blocks, comment_requests=(request(),)), user=emil)
    change(article, user=emil, blocks=(blocks[3], text("<p>New.</p>"), blocks[0]), comment_requests=())
    restored = restore(article=article, revision=1, seen=2, user=emil, at=minutes(5))
    assert story_now(article) == snapshot_at(article.pk, 1)
    assert [block.key for block in story_now(article).blocks] == [block.key for block in blocks]
    assert (restored.number, restored.source_revision, restored.source_kind) == (
        3,
        1,
        RevisionSource.RESTORED,
    )
    assert restored.reason == "Restored revision 1"
    assert list(Verification()) == []


def test_a_reason_is_kept_and_what_changed_is_counted(emil: User) -> None:
    article = begin(user=emil)
    change(article, user=emil, blocks=())
    restored = restore(article=article, revision=1, seen=2, user=emil, reason="Deleted by mistake.")
    assert restored.reason == "Deleted by mistake."
    assert restored.changes == [["text", "added", 1, [1], 5, 0]]


def test_nobody_restores_what_they_have_not_seen_undone(emil: User) -> None:
    article = begin(user=emil)
    change(article, user=emil, dek="Two.")
    change(article, user=emil, dek="Three.")
    with pytest.raises(Refused, match="Somebody saved this story since you looked"):
        restore(article=article, revision=1, seen=2, user=emil)
    assert story_now(article).dek == "Three."


def test_what_cannot_be_restored_is_refused_in_words(emil: User) -> None:
    article = begin(user=emil)
    with pytest.raises(Refused, match="reads as at revision 1 already"):
        restore(article=article, revision=1, seen=1, user=emil)
    with pytest.raises(Refused, match="no revision 7"):
        restore(article=article, revision=7, seen=1, user=emil)
    assert Revision.objects.count() == 1


def test_notes_that_readers_have_seen_stay(emil: User) -> None:
    article = begin(user=emil)
    go_live(article, user=emil)
    seen = note("The council met again.", NoteKind.UPDATE)
    body = text("<p>The council met again on Tuesday.</p>")
    change(article, user=emil, blocks=(body,), update_notes=(seen,), at=minutes(1))
    publish(article=article, revision=2, user=emil, cause="moved-on", at=minutes(2))
    unseen = note("A further one.")
    change(article, user=emil, update_notes=(seen, unseen), at=minutes(3))
    restore(article=article, revision=1, seen=3, user=emil, at=minutes(4))
    assert story_now(article) == replace(snapshot_at(article.pk, 1), update_notes=(seen,))


def test_edits_that_waited_stay_in_the_history_and_can_be_restored(emil: User) -> None:
    article = begin(user=emil)
    go_live(article, user=emil)
    change(article, user=emil, dek="A rewrite.", at=minutes(1))
    restore(article=article, revision=1, seen=2, user=emil, at=minutes(2))
    restore(article=article, revision=2, seen=3, user=emil, at=minutes(3))
    assert story_now(article).dek == "A rewrite."


def test_a_fix_under_waiting_edits_says_what_it_and_they_were_made_of(emil: User) -> None:
    article = begin(user=emil)
    go_live(article, user=emil)
    change(article, user=emil, dek="A rewrite.", at=minutes(1))
    fixed = replace(snapshot_at(article.pk, 1), blocks=(text("<p>The board met on Monday.</p>"),))
    published_note = note(kind=NoteKind.UPDATE)
    fix(
        article=article,
        story=fixed,
        base=1,
        user=emil,
        notes=[published_note],
        cause="moved-on",
        at=minutes(2),
    )
    taken = Revision.objects.order_by("number").values_list("number", "source_revision", "source_kind")
    assert list(taken) == [
        (1, None, ""),
        (2, None, ""),
        (3, 1, RevisionSource.MADE_OF),
        (4, 2, RevisionSource.PUT_BACK),
    ]
    assert list(Verification()) == []

"""`revise`: what it writes, what it merges, what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.editing.revise import revise
from stories.actions.errors import MergeConflict, Refused
from stories.domain import snapshot as domain
from stories.models import Article, LedgerEntry, QuoteBlock, Revision, TextBlock, User
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import snapshot_at, working_rows, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def rows_of_history() -> int:
    return sum(history_model(model).objects.count() for model in TRACKED_MODELS)


def latest(article: Article) -> domain.StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def test_a_story_begins_as_revision_one_and_reads_as_wanted(emil: User) -> None:
    author, section = make.make_author(), make.make_section()
    story = make.wanted(
        "Council hears objections",
        make.text("<p>One.</p><p>Two.</p>"),
        make.quote(said_on=make.MORNING.date(), source="transcript obtained by the Gazette"),
        make.embed(),
        section=section.pk,
        bylines=(make.byline(author),),
        comment_requests=(make.request(),),
    )
    article = make.begin(story, user=emil)

    revision = Revision.objects.get(article=article)
    assert (revision.number, revision.user_name, revision.reason) == (1, "Emil Editor", "began")
    assert latest(article) == replace(story, section_name="Technology")
    assert snapshot_at(article.pk, 1) == latest(article)
    assert list(Verification()) == []


def test_rows_that_were_read_without_the_lock_are_used_only_while_nothing_newer_is_saved(emil: User) -> None:
    first, second = make.text("<p>First.</p>"), make.text("<p>Second.</p>")
    article = make.begin(make.wanted("Two", first, second), user=emil)
    rows = working_rows(article)
    theirs = (first, replace(second, text="<p>Second, by them.</p>"))
    make.change(article, user=emil, blocks=theirs)
    mine = make.wanted("Two", replace(first, text="<p>First, by me.</p>"), second)

    revise(article=article, story=mine, base=1, user=emil, at=make.minutes(1), rows=rows)

    saved = working_snapshot(article).blocks
    assert saved == (replace(first, text="<p>First, by me.</p>"), theirs[1])
    assert list(Verification()) == []


def test_a_changed_word_writes_one_row_of_history_and_one_entry(emil: User) -> None:
    blocks = tuple(make.text(f"<p>Paragraph {number}.</p>") for number in range(20))
    article = make.begin(make.wanted("Twenty", *blocks), user=emil)
    rows, entries = rows_of_history(), LedgerEntry.objects.count()
    edited = (*blocks[:7], replace(blocks[7], text="<p>Paragraph seven.</p>"), *blocks[8:])

    with CaptureQueriesContext(connection) as queries:
        revise(
            article=article,
            story=make.wanted("Twenty", *edited),
            base=1,
            user=emil,
            reason="A number",
            at=make.minutes(1),
        )

    assert (rows_of_history() - rows, LedgerEntry.objects.count() - entries) == (1, 1)
    assert len(queries) <= 24
    assert TextBlock.objects.get(key=blocks[7].key).text == "<p>Paragraph seven.</p>"


def test_a_moved_block_writes_one_row_of_history(emil: User) -> None:
    blocks = tuple(make.text(f"<p>Paragraph {number}.</p>") for number in range(20))
    article = make.begin(make.wanted("Twenty", *blocks), user=emil)
    rows = rows_of_history()
    make.change(article, user=emil, blocks=(*blocks[1:], blocks[0]))
    assert rows_of_history() - rows == 1
    assert [block.key for block in latest(article).blocks] == [
        block.key for block in (*blocks[1:], blocks[0])
    ]


def test_a_save_that_changes_nothing_writes_nothing(emil: User) -> None:
    article = make.begin(user=emil)
    rows, entries = rows_of_history(), LedgerEntry.objects.count()
    assert revise(article=article, story=latest(article), base=1, user=emil, reason="No change") is None
    assert (Revision.objects.count(), rows_of_history(), LedgerEntry.objects.count()) == (1, rows, entries)


def test_a_block_becomes_a_quote_and_keeps_its_key(emil: User) -> None:
    block = make.text("<p>We hear you.</p>")
    article = make.begin(make.wanted("Becoming", block), user=emil)
    make.change(
        article, user=emil, blocks=(domain.QuoteBlock(key=block.key, text=block.text, speaker="Dana"),)
    )
    assert not TextBlock.objects.exists()
    assert QuoteBlock.objects.get().key == block.key
    assert snapshot_at(article.pk, 1).blocks == (block,)
    assert list(Verification()) == []


def test_edits_of_different_blocks_merge(emil: User) -> None:
    one, two = make.text("<p>One.</p>"), make.text("<p>Two.</p>")
    article = make.begin(make.wanted("Merging", one, two), user=emil)
    opened = latest(article)
    make.change(article, user=emil, blocks=(replace(one, text="<p>One, edited.</p>"), two))
    stale = replace(opened, blocks=(one, replace(two, text="<p>Two, edited.</p>")), headline="Merged")
    revision = revise(article=article, story=stale, base=1, user=emil)
    assert revision is not None
    assert revision.number == 3
    assert [getattr(block, "text", "") for block in latest(article).blocks] == [
        "<p>One, edited.</p>",
        "<p>Two, edited.</p>",
    ]
    assert latest(article).headline == "Merged"


def test_edits_of_the_same_words_conflict_and_write_nothing(emil: User) -> None:
    one = make.text("<p>One.</p>")
    article = make.begin(make.wanted("Conflict", one), user=emil)
    opened = latest(article)
    make.change(article, user=emil, blocks=(replace(one, text="<p>One, theirs.</p>"),))
    stale = replace(opened, blocks=(replace(one, text="<p>One, mine.</p>"),))
    with pytest.raises(MergeConflict, match="what you typed is kept") as refused:
        revise(article=article, story=stale, base=1, user=emil)
    (conflict,) = refused.value.conflicts
    assert conflict.key == one.key
    assert "theirs" in (conflict.theirs or "")
    assert "mine" in (conflict.mine or "")
    assert Revision.objects.count() == 2


def test_a_base_that_is_not_the_storys_is_refused(emil: User) -> None:
    article = make.begin(user=emil)
    for base in (0, 2, -1):
        with pytest.raises(Refused, match="revision"):
            revise(article=article, story=latest(article), base=base, user=emil)
    with pytest.raises(Refused):
        revise(article=None, story=make.wanted("Another"), base=1, user=emil)


def test_reasons_are_cleaned_and_bounded(emil: User) -> None:
    article = make.begin(user=emil)
    revision = make.change(article, user=emil, dek="x", reason="a\x00b\ud800c\r\nd")
    assert revision.reason == "abc\nd"
    with pytest.raises(Refused, match="5,001 characters"):
        make.change(article, user=emil, dek="y", reason="x" * 5001)
    assert Revision.objects.count() == 2


def test_a_reporter_changes_the_stories_they_began_and_nothing_goes_live_by_that(emil: User) -> None:
    rosa, other = make.make_user(REPORTER), make.make_user(REPORTER, name="ruth")
    article = make.begin(user=rosa)
    make.change(article, user=rosa, dek="Mine")
    with pytest.raises(PermissionDenied):
        make.change(article, user=other, dek="Not mine")
    make.go_live(article, user=emil)
    scheduled = make.change(article, user=emil, at=make.minutes(1), dek="Tomorrow")
    make.go_live(article, user=emil, at=make.minutes(2), live_from=make.minutes(60), notes=(make.note(),))
    for at in (make.minutes(3), make.minutes(90)):
        make.change(article, user=rosa, at=at, dek=f"Waits, at {at}")
        live = live_publication(article, at=at)
        assert live is not None
        assert live.revision.number in (2, scheduled.number + 1)
    with pytest.raises(PermissionDenied, match="neither"):
        make.change(article, user=other, at=make.minutes(91), dek="Not mine")


@pytest.mark.parametrize("role", [AUDITOR, None])
def test_who_has_no_right_to_write_writes_nothing(emil: User, role: str | None) -> None:
    nobody = make.make_user(role)
    article = make.begin(user=emil)
    with pytest.raises(PermissionDenied):
        make.begin(make.wanted("Mine"), user=nobody)
    with pytest.raises(PermissionDenied):
        make.change(article, user=nobody, dek="Mine")
    assert Revision.objects.count() == 1


def test_a_person_is_kept_by_name_when_their_account_is_deleted(emil: User) -> None:
    article = make.begin(user=emil)
    emil.delete()
    assert Revision.objects.get(article=article).user_name == "Emil Editor"
    assert list(Verification()) == []

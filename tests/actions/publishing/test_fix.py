"""An urgent fix never waits for a half-done rewrite, and a pending version is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.errors import MergeConflict, PublishRefused, Refused
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind, StorySnapshot
from stories.models import Article, Publication, Revision, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.publishing.versions import live_version, public_story
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

SLUG = "council-hears-objections"
ONE, TWO = make.text("<p>The council met in the old hall.</p>"), make.text("<p>Staff spoke for an hour.</p>")


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    """A live story, with an unpublished, half-done rewrite of its second paragraph."""
    article = make.begin(make.wanted("Council hears objections", ONE, TWO), user=emil)
    make.go_live(article, user=emil)
    rewrite = replace(TWO, text="<p>Staff spoke for an hour, and then some more is to be written here.</p>")
    make.change(article, user=emil, at=make.minutes(1), blocks=(ONE, rewrite), dek="Half a dek")
    return article


def live_words(minutes: int) -> list[str]:
    version = live_version(SLUG, at=make.minutes(minutes))
    assert version is not None
    return [getattr(block, "text", "") for block in public_story(version).blocks]


def waiting(article: Article) -> StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def fixed(block: str = "<p>The council met in the new hall.</p>") -> StorySnapshot:
    return make.wanted("Council hears objections", replace(ONE, text=block), TWO)


def test_the_fix_goes_live_and_the_rewrite_waits_on_top_of_it(article: Article, emil: User) -> None:
    note = make.note("The council met in the new hall, not the old one.", NoteKind.CORRECTION)
    publication = fix(article=article, story=fixed(), base=1, user=emil, notes=[note], at=make.minutes(5))
    assert live_words(5) == ["<p>The council met in the new hall.</p>", TWO.text]
    story = waiting(article)
    assert [getattr(block, "text", "") for block in story.blocks] == [
        "<p>The council met in the new hall.</p>",
        "<p>Staff spoke for an hour, and then some more is to be written here.</p>",
    ]
    assert story.dek == "Half a dek"
    assert story.update_notes == (note,)
    assert (publication.revision.number, latest_revision(article.pk)) == (3, 4)
    assert Revision.objects.get(article=article, number=4).attention == ""
    assert list(Verification()) == []


def test_where_both_touch_the_same_words_the_waiting_text_stays_and_is_flagged(
    article: Article, emil: User
) -> None:
    story = make.wanted(
        "Council hears objections", ONE, replace(TWO, text="<p>Staff spoke for two hours.</p>")
    )
    note = make.note("Staff spoke for two hours.", NoteKind.CORRECTION)
    fix(article=article, story=story, base=1, user=emil, notes=[note], at=make.minutes(5))
    assert live_words(5)[1] == "<p>Staff spoke for two hours.</p>"
    assert "more is to be written" in str(waiting(article).blocks[1])
    flagged = Revision.objects.get(article=article, number=4)
    assert "text 2" in flagged.attention


def test_without_waiting_edits_a_fix_is_one_revision(emil: User) -> None:
    article = make.begin(make.wanted("Council hears objections", ONE, TWO), user=emil)
    make.go_live(article, user=emil)
    note = make.note("The new hall.", NoteKind.CORRECTION)
    fix(article=article, story=fixed(), base=1, user=emil, notes=[note], at=make.minutes(5))
    assert latest_revision(article.pk) == 2


def test_a_fix_is_held_to_the_same_rules(article: Article, emil: User) -> None:
    story = fixed("<p>The council met in the old hall, and 40 people were arrested.</p>")
    with pytest.raises(PublishRefused):
        fix(
            article=article,
            story=story,
            base=1,
            user=emil,
            publication_class="minor",
            reason="As agreed",
            at=make.minutes(5),
        )
    assert (latest_revision(article.pk), Publication.objects.count()) == (2, 1)


def test_nothing_to_fix_is_said(article: Article, emil: User) -> None:
    with pytest.raises(PublishRefused, match="Nothing differs"):
        fix(article=article, story=snapshot_at(article.pk, 1), base=1, user=emil, at=make.minutes(5))
    draft = make.begin(make.wanted("A draft"), user=emil)
    with pytest.raises(Refused, match="Nothing of this story is live"):
        fix(article=draft, story=make.wanted("A draft"), base=1, user=emil, at=make.minutes(5))


def test_a_fix_begun_on_an_older_version_is_merged_with_the_newer(article: Article, emil: User) -> None:
    other = replace(fixed(ONE.text), blocks=(ONE, replace(TWO, text="<p>Staff spoke for two hours.</p>")))
    note = make.note("Two hours.", NoteKind.CORRECTION)
    fix(article=article, story=other, base=1, user=emil, notes=[note], at=make.minutes(5))
    late = make.note("The new hall.", NoteKind.CORRECTION)
    fix(article=article, story=fixed(), base=1, user=emil, notes=[late], at=make.minutes(6))
    assert live_words(6) == ["<p>The council met in the new hall.</p>", "<p>Staff spoke for two hours.</p>"]
    clash = fixed("<p>The council met in a tent.</p>")
    with pytest.raises(MergeConflict):
        fix(article=article, story=clash, base=1, user=emil, notes=[make.note("A tent.")], at=make.minutes(7))


@pytest.mark.parametrize("role", [REPORTER, AUDITOR, None])
def test_who_may_not_publish_fixes_nothing(article: Article, role: str | None) -> None:
    with pytest.raises(PermissionDenied):
        fix(
            article=article,
            story=fixed(),
            base=1,
            user=make.make_user(role),
            notes=[make.note()],
            at=make.minutes(5),
        )
    assert Publication.objects.count() == 1


# --------------------------------------------------------------------------------------- what is pending


@pytest.fixture
def pending(article: Article, emil: User) -> Publication:
    """The rewrite, finished and scheduled in half an hour."""
    note = make.note("Staff’s hour is told in full.", NoteKind.UPDATE)
    return publish(
        article=article,
        revision=2,
        user=emil,
        notes=[note],
        cause="moved-on",
        live_from=make.minutes(30),
        at=make.minutes(2),
    )


def urgent(article: Article, user: User, choice: str, story: StorySnapshot | None = None) -> Publication:
    note = make.note("The new hall, not the old one.", NoteKind.CORRECTION)
    return fix(
        article=article,
        story=story or fixed(),
        base=1,
        user=user,
        notes=[note],
        pending=choice,
        at=make.minutes(5),
    )


def test_an_urgent_fix_asks_what_becomes_of_it(article: Article, emil: User, pending: Publication) -> None:
    with pytest.raises(PublishRefused, match="Say what happens to it"):
        urgent(article, emil, "")
    assert Publication.objects.count() == 2


@pytest.mark.parametrize("choice", ["cancel", "rebase"])
def test_what_goes_live_this_moment_is_not_taken_back(
    article: Article, emil: User, pending: Publication, choice: str
) -> None:
    at = make.minutes(30) - timedelta(seconds=4)
    note = make.note("The new hall, not the old one.", NoteKind.CORRECTION)
    with pytest.raises(PublishRefused, match="this very moment"):
        fix(article=article, story=fixed(), base=1, user=emil, notes=[note], pending=choice, at=at)
    assert Publication.objects.not_cancelled().count() == 2


def test_cancelled_it_never_goes_live_and_its_edits_stay(
    article: Article, emil: User, pending: Publication
) -> None:
    urgent(article, emil, "cancel")
    assert live_words(31) == ["<p>The council met in the new hall.</p>", TWO.text]
    assert "more is to be written" in str(waiting(article).blocks[1])
    assert list(Verification()) == []


def test_rebased_it_goes_live_at_its_time_with_the_fix_in_it(
    article: Article, emil: User, pending: Publication
) -> None:
    published = urgent(article, emil, "rebase")
    assert live_words(29) == ["<p>The council met in the new hall.</p>", TWO.text]
    new, more = live_words(30)
    assert new == "<p>The council met in the new hall.</p>"
    assert "more is to be written" in more
    rebased = Publication.objects.get(live_from=make.minutes(30), cancellation__isnull=True)
    assert (rebased.base, rebased.publication_class) == (published, "noted")
    assert waiting(article).blocks == snapshot_at(article.pk, rebased.revision.number).blocks
    assert list(Verification()) == []


def test_what_can_not_be_rebased_is_said_and_nothing_is_written(
    article: Article, emil: User, pending: Publication
) -> None:
    clash = make.wanted(
        "Council hears objections", ONE, replace(TWO, text="<p>Staff spoke for two hours.</p>")
    )
    before = latest_revision(article.pk)
    with pytest.raises(PublishRefused, match="both change the same words: text 2"):
        urgent(article, emil, "rebase", clash)
    assert (latest_revision(article.pk), Publication.objects.count()) == (before, 2)


def test_what_was_pending_and_is_live_by_now_does_not_go_live_twice(emil: User) -> None:
    article = make.begin(make.wanted("Council hears objections", ONE), user=emil)
    make.go_live(article, user=emil, live_from=make.minutes(30))
    publish(article=article, revision=1, user=emil, pending="rebase", at=make.minutes(2))
    assert Publication.objects.not_cancelled().count() == 1
    assert live_words(31) == [ONE.text]


def test_an_override_is_rebased_by_who_may_override_alone(article: Article, emil: User) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    publish(
        article=article,
        revision=2,
        user=maya,
        publication_class="override",
        reason="By order",
        live_from=make.minutes(30),
        at=make.minutes(2),
    )
    with pytest.raises(PermissionDenied):
        urgent(article, emil, "rebase")
    urgent(article, maya, "rebase")


def test_a_fix_does_not_wait_for_an_embargo(article: Article, emil: User) -> None:
    set_embargo(article=article, until=make.minutes(60), user=emil, reason="The rewrite", at=make.minutes(2))
    urgent(article, emil, "")
    assert live_words(5)[0] == "<p>The council met in the new hall.</p>"

"""A version is taken back by who published it, within minutes: in view of readers, and of every managing editor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import Settings

from stories.actions.errors import PublishRefused, Refused
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.publishing.review_requests import offer
from stories.actions.takedown.take_back import may_take_back, take_back_until, take_back_version
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import withhold_version
from stories.domain.snapshot import NoteKind
from stories.models import Article, OutboxMessage, Publication, PublicationClass, Revision, User, Withdrawal
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.publishing.review_requests import open_offer
from stories.queries.publishing.versions import live_publication, live_version, versions
from stories.queries.publishing.withdrawals import withdrawal_at
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make
from tests.factories import minutes

pytestmark = pytest.mark.django_db

SLUG = "council-hears-objections"
NOTE = "The version of 10:00 was taken back."


@pytest.fixture
def article(editor: User) -> Article:
    """A story that went live at nine."""
    article = make.begin(user=editor)
    make.go_live(article, user=editor)
    return article


@pytest.fixture
def first(article: Article) -> Publication:
    return Publication.objects.get()


@pytest.fixture
def second(article: Article, editor: User) -> Publication:
    """Its second version, an hour later, which says how many there were."""
    make.change(article, user=editor, at=minutes(59), blocks=(make.text("<p>All 12 members met.</p>"),))
    return make.go_live(
        article, user=editor, at=minutes(60), notes=(make.note("Figures were added."),), cause="moved-on"
    )


def back(publication: Publication, user: User, at: datetime, **values: Any) -> Withdrawal | Publication:
    return take_back_version(
        publication=publication, user=user, at=at, **{"note": NOTE, "reason": "It was too early", **values}
    )


def mails() -> list[dict[str, str]]:
    return [message.payload for message in OutboxMessage.objects.filter(kind="mail").order_by("pk")]


def test_a_first_version_goes_down_with_a_notice(article: Article, first: Publication, editor: User) -> None:
    event = back(first, editor, minutes(4))
    assert isinstance(event, Withdrawal)
    assert live_version(SLUG, at=minutes(5)) is None
    standing = withdrawal_at(SLUG, at=minutes(5))
    assert standing is not None
    assert (standing.notice, standing.reason) == (NOTE, "Taken back: It was too early")
    assert standing.user_id == editor.pk
    assert list(Verification()) == []


def test_a_managing_editor_brings_it_back(
    article: Article, first: Publication, editor: User, maya: User
) -> None:
    back(first, editor, minutes(4))
    with pytest.raises(PublishRefused, match="withdrawn"):
        make.go_live(article, user=editor, at=minutes(5))
    reinstate(article=article, user=maya, reason="It was right", at=minutes(6))
    live = live_version(SLUG, at=minutes(7))
    assert live is not None
    assert live.number == 1


def test_a_later_version_is_followed_by_the_text_from_before(
    article: Article, second: Publication, editor: User
) -> None:
    event = back(second, editor, minutes(64))
    assert isinstance(event, Publication)
    assert event.publication_class == PublicationClass.NOTED
    assert (event.base, event.reason) == (second, "Taken back: It was too early")
    story = snapshot_at(article.pk, event.revision.number)
    assert story.blocks == snapshot_at(article.pk, 1).blocks
    assert [(note.kind, note.text) for note in story.update_notes] == [
        (NoteKind.UPDATE, "Figures were added."),
        (NoteKind.EDITORS_NOTE, NOTE),
    ]
    assert [version.number for version in versions(article.pk, at=minutes(65))] == [3, 2, 1]
    assert working_snapshot(Article.objects.get()) == story
    assert list(Verification()) == []


def test_edits_that_wait_stay_on_top_and_what_is_offered_stays_offered(
    article: Article, second: Publication, editor: User, reporter: User
) -> None:
    waiting = make.change(article, user=editor, at=minutes(61), dek="It waits")
    offer(article=article, revision=waiting.number, user=editor, at=minutes(62))
    event = back(second, editor, minutes(63))
    assert isinstance(event, Publication)
    assert snapshot_at(article.pk, event.revision.number).dek == ""
    now = working_snapshot(Article.objects.get())
    assert (now.dek, now.blocks) == ("It waits", snapshot_at(article.pk, 1).blocks)
    assert latest_revision(article.pk) == event.revision.number + 1
    assert open_offer(article) is not None
    assert list(Verification()) == []


def test_every_managing_editor_is_mailed_and_not_who_did_it(
    article: Article, second: Publication, editor: User, maya: User
) -> None:
    far = make.make_user(MANAGING_EDITOR, name="max")
    far.sections.add(make.make_section("culture", "Culture"))
    back(second, editor, minutes(61))
    assert [mail["to"] for mail in mails()] == ["maya@example.org", "max@example.org"]
    mail = mails()[0]
    assert "Emil Editor took back a version" in mail["says"]
    assert mail["path"] == f"/admin/stories/article/{article.pk}/history/"
    # A mail leaves the house: it says nothing of the story, and not why.
    assert "too early" not in str(mail)
    assert "ouncil" not in mail["says"] + mail["subject"]


def test_a_managing_editor_who_takes_back_is_not_mailed(maya: User) -> None:
    article = make.begin(user=maya)
    back(make.go_live(article, user=maya), maya, minutes(1))
    assert mails() == []


def test_nobody_takes_back_what_somebody_else_published(
    article: Article, first: Publication, maya: User, reporter: User
) -> None:
    with pytest.raises(PermissionDenied, match="Only Emil Editor, who published this version"):
        back(first, maya, minutes(1))
    with pytest.raises(PermissionDenied, match="may not publish"):
        back(first, reporter, minutes(1))
    assert not may_take_back(maya, article, first, at=minutes(1))


def test_who_may_publish_no_more_takes_nothing_back(
    article: Article, first: Publication, editor: User
) -> None:
    editor.sections.add(make.make_section("culture", "Culture"))
    emil = User.objects.get(pk=editor.pk)
    assert not may_take_back(emil, article, first, at=minutes(1))
    with pytest.raises(PermissionDenied, match="limited to the section “Culture”"):
        back(first, emil, minutes(1))


def test_the_time_for_it_is_counted_from_when_readers_saw_it(
    article: Article, editor: User, settings: Settings
) -> None:
    first = Publication.objects.get()
    make.change(article, user=editor, at=minutes(1), dek="Later")
    later = make.go_live(
        article, user=editor, at=minutes(2), live_from=minutes(30), notes=(make.note("A dek."),)
    )
    with pytest.raises(Refused, match="further version is to go live"):
        back(first, editor, minutes(3))
    with pytest.raises(Refused, match="further version is to go live"):
        back(later, editor, minutes(29))
    with pytest.raises(Refused, match="not the version that readers see"):
        back(first, editor, minutes(31))
    settings.TAKE_BACK_MINUTES = 10
    assert take_back_until(later) == minutes(40)
    with pytest.raises(Refused, match="the time for this one ended"):
        back(later, editor, minutes(40))
    back(later, editor, minutes(39))


def test_a_newsroom_may_let_nobody_take_anything_back(
    article: Article, first: Publication, editor: User, settings: Settings
) -> None:
    settings.TAKE_BACK_MINUTES = 0
    assert take_back_until(first) is None
    assert not may_take_back(editor, article, first, at=minutes(1))
    with pytest.raises(Refused, match="not taken back in this newsroom"):
        back(first, editor, minutes(1))


def test_the_newest_live_version_alone_is_taken_back_and_once(
    article: Article, first: Publication, second: Publication, editor: User
) -> None:
    with pytest.raises(Refused, match="not the version that readers see"):
        back(first, editor, minutes(61))
    back(second, editor, minutes(61))
    with pytest.raises(Refused, match="not the version that readers see"):
        back(second, editor, minutes(62))
    assert Publication.objects.count() == 3


def test_a_first_version_is_taken_back_once(article: Article, first: Publication, editor: User) -> None:
    back(first, editor, minutes(1))
    with pytest.raises(Refused, match="withdrawn already"):
        back(first, editor, minutes(2))
    assert Withdrawal.objects.count() == 1


@pytest.mark.parametrize("missing", [{"note": ""}, {"note": "Oops"}, {"reason": " "}])
def test_it_takes_words_to_readers_and_a_reason(
    article: Article, second: Publication, editor: User, missing: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        back(second, editor, minutes(61), **missing)
    assert Publication.objects.count() == 2


def test_what_is_withheld_does_not_come_back_by_it(
    article: Article, first: Publication, second: Publication, editor: User, maya: User
) -> None:
    withhold_version(publication=first, ground="court", reason="A court said so", user=maya, at=minutes(61))
    with pytest.raises(Refused, match="withheld or erased"):
        back(second, editor, minutes(62))
    live = live_publication(article, at=minutes(63))
    assert live == second


def test_a_withdrawn_story_is_down_already(
    article: Article, second: Publication, editor: User, maya: User
) -> None:
    withdraw(article=article, user=maya, notice="It is down.", reason="A threat", at=minutes(61))
    with pytest.raises(Refused, match="withdrawn already"):
        back(second, editor, minutes(62))


def test_taking_back_is_not_taken_back(article: Article, second: Publication, editor: User) -> None:
    event = back(second, editor, minutes(61))
    assert isinstance(event, Publication)
    assert not may_take_back(editor, article, event, at=minutes(62))
    with pytest.raises(Refused, match="took another one back"):
        back(event, editor, minutes(62))


def test_a_fix_made_while_edits_wait_is_taken_back(
    article: Article, second: Publication, editor: User
) -> None:
    make.change(article, user=editor, at=minutes(61), dek="It waits")
    live = snapshot_at(article.pk, second.revision.number)
    fixed = fix(
        article=article,
        story=replace(live, dateline="Springfield"),
        base=second.revision.number,
        user=editor,
        notes=(make.note("The place was added."),),
        at=minutes(62),
    )
    event = back(fixed, editor, minutes(63))
    assert isinstance(event, Publication)
    story = snapshot_at(article.pk, event.revision.number)
    assert (story.dateline, story.dek, len(story.update_notes)) == ("", "", 3)
    assert working_snapshot(Article.objects.get()).dek == "It waits"
    assert list(Verification()) == []


def test_what_was_taken_back_can_be_published_again(
    article: Article, second: Publication, editor: User
) -> None:
    back(second, editor, minutes(61))
    with pytest.raises(PublishRefused, match="is live already"):
        publish(article=article, revision=second.revision.number, user=editor, at=minutes(62))
    make.change(article, user=editor, at=minutes(62), blocks=snapshot_at(article.pk, 2).blocks)
    make.go_live(article, user=editor, at=minutes(63), notes=(make.note("It was right."),), cause="moved-on")
    assert Revision.objects.count() == 6
    assert list(Verification()) == []


def test_each_editor_takes_back_their_own(article: Article, second: Publication) -> None:
    other = make.make_user(EDITOR, name="edda")
    with pytest.raises(PermissionDenied):
        back(second, other, minutes(61))

"""Withdrawing stories and discarding drafts: nothing published is deleted, and the ledger retains the record."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard, recover
from stories.actions.errors import PublishRefused, Refused
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import Article, Revision, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.publishing.versions import (
    live_stories,
    live_version,
    recent_notes,
    versions,
)
from stories.queries.publishing.withdrawals import is_discarded, withdrawal_at, withdrawal_in_force
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

SLUG = "council-hears-objections"
NOW = make.minutes(9)


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    return article


def take_down(article: Article, user: User) -> None:
    withdraw(article=article, user=user, notice="We took this down.", reason="A threat", at=make.minutes(2))


def test_a_withdrawn_story_is_in_no_list_and_its_notice_is_at_its_address(
    article: Article, maya: User
) -> None:
    take_down(article, maya)
    assert live_version(SLUG, at=NOW) is None
    assert live_stories(at=NOW, limit=10) == []
    assert versions(article.pk, at=NOW) == []
    assert recent_notes(at=NOW, limit=10, kinds=()) == []
    withdrawal = withdrawal_at(SLUG, at=NOW)
    assert withdrawal is not None
    assert withdrawal.notice == "We took this down."


def test_brought_back_it_has_every_version_that_it_had(article: Article, maya: User) -> None:
    take_down(article, maya)
    reinstate(article=article, user=maya, reason="The threat is over", at=make.minutes(3))
    version = live_version(SLUG, at=NOW)
    assert version is not None
    assert version.number == 1
    assert withdrawal_in_force(article.pk) is None
    assert list(Verification()) == []


def test_what_is_withdrawn_is_not_published_further(article: Article, emil: User, maya: User) -> None:
    take_down(article, maya)
    make.change(article, user=emil, update_notes=(make.note(),))
    with pytest.raises(PublishRefused, match="Bring it back first"):
        make.go_live(article, user=emil, at=make.minutes(3))


def test_what_is_to_go_live_is_cancelled_before_a_withdrawal(
    article: Article, emil: User, maya: User
) -> None:
    make.change(article, user=emil, update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    with pytest.raises(Refused, match="Cancel it first"):
        take_down(article, maya)


def test_a_withdrawal_says_what_is_missing(article: Article, maya: User, emil: User) -> None:
    with pytest.raises(Refused, match="notice that readers find"):
        withdraw(article=article, user=maya, notice=" ", reason="As agreed", at=NOW)
    with pytest.raises(Refused, match="Say why"):
        withdraw(article=article, user=maya, notice="Down.", reason=" ", at=NOW)
    with pytest.raises(Refused, match="not withdrawn"):
        reinstate(article=article, user=maya, reason="As agreed", at=NOW)
    with pytest.raises(Refused, match="never live"):
        withdraw(
            article=make.begin(make.wanted("Draft"), user=emil),
            user=maya,
            notice="Down.",
            reason="As agreed",
            at=NOW,
        )
    take_down(article, maya)
    with pytest.raises(Refused, match="withdrawn already"):
        take_down(article, maya)
    with pytest.raises(Refused, match="comes back"):
        reinstate(article=article, user=maya, reason=" ", at=NOW)


@pytest.mark.parametrize("role", [REPORTER, EDITOR, AUDITOR, None])
def test_only_a_managing_editor_withdraws(article: Article, maya: User, role: str | None) -> None:
    other = make.make_user(role, username="other")
    with pytest.raises(PermissionDenied):
        take_down(article, other)
    take_down(article, maya)
    with pytest.raises(PermissionDenied):
        reinstate(article=article, user=other, reason="As agreed", at=NOW)


def test_a_discarded_draft_keeps_its_record_and_comes_back(emil: User) -> None:
    draft = make.begin(make.wanted("A draft"), user=emil)
    discard(article=draft, user=emil, reason="Nothing to it", at=make.minutes(1))
    assert is_discarded(draft.pk)
    assert Revision.objects.filter(article=draft).count() == 1
    assert snapshot_at(draft.pk, 1).headline == "A draft"
    with pytest.raises(PublishRefused, match="Recover it first"):
        make.go_live(draft, user=emil, at=make.minutes(2))
    with pytest.raises(Refused, match="discarded already"):
        discard(article=draft, user=emil)
    recover(article=draft, user=emil, at=make.minutes(3))
    assert not is_discarded(draft.pk)
    with pytest.raises(Refused, match="not discarded"):
        recover(article=draft, user=emil)
    make.go_live(draft, user=emil, at=make.minutes(4))
    assert list(Verification()) == []


def test_nothing_that_was_published_or_is_to_be_is_discarded(article: Article, emil: User) -> None:
    scheduled = make.begin(make.wanted("Scheduled"), user=emil)
    make.go_live(scheduled, user=emil, live_from=make.minutes(30))
    for story in (article, scheduled):
        with pytest.raises(Refused, match="never deleted"):
            discard(article=story, user=emil)


def test_a_reporter_discards_their_own_drafts_alone(emil: User) -> None:
    rosa = make.make_user(REPORTER)
    mine, theirs = make.begin(make.wanted("Mine"), user=rosa), make.begin(make.wanted("Theirs"), user=emil)
    discard(article=mine, user=rosa)
    with pytest.raises(PermissionDenied):
        discard(article=theirs, user=rosa)


def test_who_is_given_a_draft_may_change_it_until_it_is_taken_or_published(emil: User) -> None:
    rosa = make.make_user(REPORTER)
    draft = make.begin(make.wanted("A draft"), user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Mine")
    assign(article=draft, to=rosa, user=emil)
    make.change(draft, user=rosa, dek="Mine")
    assign(article=draft, to=None, user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Still mine")
    assign(article=draft, to=rosa, user=emil)
    make.go_live(draft, user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Too late")
    assert list(Verification()) == []


def test_a_story_is_given_by_an_editor_to_somebody_who_can_write(emil: User) -> None:
    draft = make.begin(make.wanted("A draft"), user=emil)
    rosa = make.make_user(REPORTER)
    with pytest.raises(PermissionDenied):
        assign(article=draft, to=rosa, user=rosa)
    with pytest.raises(Refused, match="can’t write stories here"):
        assign(article=draft, to=make.make_user(AUDITOR), user=emil)

"""Drafts are discarded and recovered, and the record retains every word of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.drafts import discard, recover
from stories.actions.errors import PublishRefused, Refused
from stories.models import Article, Revision, User
from stories.models.roles import EDITOR, REPORTER
from stories.queries.publishing.withdrawals import is_discarded
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    return article


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

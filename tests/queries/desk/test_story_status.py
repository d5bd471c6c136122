"""A story's status follows its events, and agrees with the journals."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.review_requests import offer, take_back
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.snapshot import RequestStatus
from stories.models import Article, StoryStatus, User
from stories.models.roles import EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.minutes(10)


@pytest.fixture
def rosa(db: None) -> User:
    return make.make_user(REPORTER)


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def maya(db: None) -> User:
    return make.make_user(MANAGING_EDITOR)


def card_of(article: Article) -> Any:
    return StoryStatus.objects.get(pk=article.pk)


def test_a_draft_is_whose_it_is_and_nothing_waits(rosa: User, emil: User) -> None:
    article = make.begin(user=rosa)
    make.reword(article, user=emil, at=AT)
    card = card_of(article)
    assert (card.begun_by, card.edited_by, card.edited_at) == ("Rosa Reporter", "Emil Editor", AT)
    assert (card.newest, card.published, card.waiting_since) == (2, 0, None)
    assert card.is_draft


def test_edits_wait_since_the_first_after_what_is_published(emil: User) -> None:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    make.reword(article, user=emil, at=AT)
    make.reword(article, user=emil, at=make.minutes(20), number=1)
    card = card_of(article)
    assert (card.published, card.newest, card.waiting_since) == (1, 3, AT)
    assert card.is_live(AT)
    assert card.version(AT) == 1


def test_what_is_scheduled_is_no_draft_until_it_is_cancelled(emil: User) -> None:
    article = make.begin(user=emil)
    pending = make.go_live(article, user=emil, live_from=make.minutes(60))
    card = card_of(article)
    assert (card.is_draft, card.is_live(AT), card.pending_from(AT)) == (False, False, make.minutes(60))
    assert card.version(AT) == 0
    assert card.version(make.minutes(61)) == 1
    cancel(publication=pending, user=emil, reason="As agreed", at=AT)
    assert card_of(article).is_draft


def test_an_offer_stands_until_it_is_taken_back_or_met(rosa: User, emil: User) -> None:
    article = make.begin(user=rosa)
    offer(article=article, revision=1, user=rosa, at=AT)
    assert (card_of(article).offered_by, card_of(article).offered_at) == ("Rosa Reporter", AT)
    take_back(article=article, user=rosa, at=AT)
    assert card_of(article).offered_at is None
    offer(article=article, revision=1, user=rosa, at=AT)
    make.go_live(article, user=emil, at=AT)
    assert card_of(article).offered_at is None


def test_open_requests_are_counted(emil: User) -> None:
    received = make.request("B", status=RequestStatus.RECEIVED, responded_at=AT)
    article = make.begin(make.wanted("Asked", comment_requests=(make.request(), received)), user=emil)
    assert card_of(article).open_requests == 1


def test_it_knows_who_has_it_and_what_became_of_it(rosa: User, maya: User) -> None:
    article, draft = make.begin(user=maya), make.begin(make.wanted("A draft"), user=maya)
    assign(article=article, to=rosa, user=maya)
    make.go_live(article, user=maya)
    start_developing(article=article, user=maya, at=AT)
    assert (card_of(article).assignee, card_of(article).assignee_id) == ("Rosa Reporter", rosa.pk)
    assert card_of(article).developing_until is not None
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=AT)
    discard(article=draft, user=maya)
    assert card_of(article).withdrawn
    assert not card_of(article).is_live(AT)
    assert card_of(draft).discarded

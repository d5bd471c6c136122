"""Offers for review: who makes them, what is refused, and who takes them back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.drafts import discard
from stories.actions.errors import Refused
from stories.actions.publishing.review_requests import offer, take_back
from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, LedgerEntry, ReviewRequest, User
from stories.models.roles import EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.verification import Verification
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
def draft(rosa: User) -> Article:
    return make.begin(user=rosa)


def test_an_offer_is_on_the_record(draft: Article, rosa: User) -> None:
    made = offer(article=draft, revision=1, user=rosa, reason="  Checked by phone.  ", at=AT)
    assert (made.offered, made.reason, made.user_name) == (True, "Checked by phone.", "Rosa Reporter")
    assert LedgerEntry.objects.latest("sequence").kind == "review-request"
    assert list(Verification()) == []


def test_a_reporter_offers_no_story_of_another(draft: Article, db: None) -> None:
    with pytest.raises(PermissionDenied):
        offer(article=draft, revision=1, user=make.make_user(REPORTER, name="rolf"), at=AT)
    assert not ReviewRequest.objects.exists()


def test_what_is_published_is_not_offered(draft: Article, rosa: User, emil: User) -> None:
    make.go_live(draft, user=emil)
    with pytest.raises(Refused, match="published already"):
        offer(article=draft, revision=1, user=emil, at=AT)


def test_a_revision_that_is_not_there_is_not_offered(draft: Article, rosa: User) -> None:
    with pytest.raises(Refused, match="no revision 7"):
        offer(article=draft, revision=7, user=rosa, at=AT)


def test_what_is_discarded_or_withdrawn_is_not_offered(draft: Article, rosa: User) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    live = make.begin(make.wanted("Live"), user=maya)
    make.go_live(live, user=maya)
    make.reword(live, user=maya, at=AT)
    withdraw(article=live, user=maya, notice="Down.", reason="As agreed", at=AT)
    with pytest.raises(Refused, match="withdrawn"):
        offer(article=live, revision=2, user=maya, at=AT)
    discard(article=draft, user=rosa)
    with pytest.raises(Refused, match="Recover it first"):
        offer(article=draft, revision=1, user=rosa, at=AT)


def test_its_writer_takes_it_back_without_a_word(draft: Article, rosa: User) -> None:
    offer(article=draft, revision=1, user=rosa, at=AT)
    assert not take_back(article=draft, user=rosa, at=AT).offered
    with pytest.raises(Refused, match="Nothing of this story waits for review"):
        take_back(article=draft, user=make.make_user(EDITOR), at=AT)


def test_an_editor_declines_it_only_with_a_reason(draft: Article, rosa: User, emil: User) -> None:
    offer(article=draft, revision=1, user=rosa, at=AT)
    with pytest.raises(Refused, match="Say what is missing"):
        take_back(article=draft, user=emil, reason=" ", at=AT)
    assert take_back(article=draft, user=emil, reason="Ask the council.", at=AT).reason == "Ask the council."


def test_another_reporter_does_not_take_it_back(draft: Article, rosa: User) -> None:
    offer(article=draft, revision=1, user=rosa, at=AT)
    with pytest.raises(PermissionDenied):
        take_back(article=draft, user=make.make_user(REPORTER, name="rolf"), reason="As agreed", at=AT)
    assert ReviewRequest.objects.count() == 1

"""A developing story: readers see that it is, the mode expires by itself, and one note sums it up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.errors import Refused
from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.domain.snapshot import NoteKind
from stories.models import Article, User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.publishing.developing_mode import developing_until, is_developing, owes_summary
from stories.queries.publishing.versions import live_version, published_notes
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

SUMMARY = "Over the evening we added what the council and the staff said."


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    return article


def hours(count: float) -> datetime:
    return make.MORNING + timedelta(hours=count)


def test_it_ends_by_itself_after_six_hours(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=hours(0))
    assert is_developing(article.pk, at=hours(5.9))
    assert not is_developing(article.pk, at=hours(6))
    live = live_version("council-hears-objections", at=hours(5.9))
    assert live is not None
    assert live.developing_until == hours(6)
    later = live_version("council-hears-objections", at=hours(6))
    assert later is not None
    assert later.developing_until is None


def test_it_can_be_extended_but_never_by_more_than_six_hours(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=hours(0))
    start_developing(article=article, user=emil, at=hours(5))
    assert developing_until(article.pk, at=hours(5)) == hours(11)
    for until in (hours(12), hours(5), hours(6).replace(tzinfo=None)):
        with pytest.raises(Refused, match="within six hours"):
            start_developing(article=article, user=emil, until=until, at=hours(5))


def test_ending_it_publishes_one_note_that_sums_it_up(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=hours(0))
    publication = end_developing(
        article=article, note=make.note(SUMMARY, NoteKind.UPDATE), user=emil, at=hours(1)
    )
    assert publication.publication_class == "noted"
    assert [note.text for note in published_notes(article.pk, at=hours(1))] == [SUMMARY]
    assert not is_developing(article.pk, at=hours(1))
    assert not owes_summary(article.pk)
    assert list(Verification()) == []


def test_a_summary_is_still_owed_when_it_ended_by_itself(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=hours(0))
    assert owes_summary(article.pk)
    end_developing(article=article, note=make.note(SUMMARY, NoteKind.UPDATE), user=emil, at=hours(8))
    with pytest.raises(Refused, match="its summary is written"):
        end_developing(article=article, note=make.note("Again."), user=emil, at=hours(9))


def test_it_starts_anew_only_once_the_last_time_is_summed_up(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=hours(0))
    with pytest.raises(Refused, match="summary of the last time"):
        start_developing(article=article, user=emil, at=hours(7))


def test_a_story_that_is_not_live_has_nothing_to_sum_up(emil: User) -> None:
    with pytest.raises(Refused, match="nothing to sum up"):
        end_developing(article=make.begin(make.wanted("Draft"), user=emil), note=make.note(), user=emil)


@pytest.mark.parametrize("role", [REPORTER, AUDITOR, None])
def test_the_mode_is_an_editors(article: Article, emil: User, role: str | None) -> None:
    other = make.make_user(role)
    with pytest.raises(PermissionDenied):
        start_developing(article=article, user=other, at=hours(0))
    start_developing(article=article, user=emil, at=hours(0))
    with pytest.raises(PermissionDenied):
        end_developing(article=article, note=make.note(), user=other, at=hours(1))

"""What prevents a publication: a time that can't be, a pending version, a published note that is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stories.actions.errors import PublishRefused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind
from stories.models import Article, Publication, StoryAddress, User
from stories.models.roles import EDITOR
from stories.queries.publishing.versions import (
    live_version,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


SLUG = "council-hears-objections"


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    return make.begin(user=emil)


def live_number(at: datetime, slug: str = SLUG) -> int | None:
    version = live_version(slug, at=at)
    return version.number if version else None


def test_while_one_is_pending_no_other_is_published(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note(),))
    pending = make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    make.reword(article, user=emil)
    with pytest.raises(PublishRefused, match="Say what happens to it"):
        make.go_live(article, user=emil, at=make.minutes(2), publication_class="minor", reason="Urgent")
    cancel(publication=pending, user=emil, reason="Overtaken", at=make.minutes(3))
    make.go_live(article, user=emil, at=make.minutes(4))
    assert live_number(make.minutes(60)) == 2


@pytest.mark.parametrize(
    ("live_from", "words"),
    [
        (make.MORNING - timedelta(minutes=1), "is past"),
        (make.MORNING.replace(tzinfo=None), "has no time zone"),
    ],
)
def test_a_time_that_can_not_be_is_refused(
    article: Article, emil: User, live_from: datetime, words: str
) -> None:
    with pytest.raises(PublishRefused, match=words):
        make.go_live(article, user=emil, live_from=live_from)
    assert not Publication.objects.exists()
    assert not StoryAddress.objects.exists()


def test_a_revision_without_a_published_note_is_not_published(article: Article, emil: User) -> None:
    """An edit removed the note before the revision with the note was published."""
    make.go_live(article, user=emil)
    note = make.note("Ten, not eleven.", NoteKind.CORRECTION)
    make.change(article, user=emil, update_notes=(note,))
    make.reword(article, user=emil)
    make.change(article, user=emil, update_notes=())
    publish(article=article, revision=3, user=emil, at=make.minutes(1))
    with pytest.raises(PublishRefused, match="readers have seen is missing"):
        make.go_live(article, user=emil, at=make.minutes(2), publication_class="minor", reason="As agreed")

"""Publishing: when, under which address, in which class, and what is refused."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.errors import PublishRefused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind, TextBlock
from stories.models import Article, LedgerEntry, Publication, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.publishing.versions import (
    Version,
    live_stories,
    live_version,
    public_story,
    published_notes,
    versions,
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


def words(version: Version) -> str:
    (block,) = public_story(version).blocks
    assert isinstance(block, TextBlock)
    return block.text


def live_number(at: datetime, slug: str = SLUG) -> int | None:
    version = live_version(slug, at=at)
    return version.number if version else None


def test_a_draft_is_nowhere_until_it_is_published(article: Article, emil: User) -> None:
    assert live_version(SLUG, at=make.minutes(60)) is None
    assert live_stories(at=make.minutes(60), limit=10) == []
    publication = make.go_live(article, user=emil)
    assert publication.publication_class == "first"
    version = live_version(SLUG, at=make.MORNING)
    assert version is not None
    assert (version.number, version.headline, version.first_live_from) == (
        1,
        "Council hears objections",
        make.MORNING,
    )
    assert [each.slug for each in live_stories(at=make.MORNING, limit=10)] == [SLUG]


def test_a_further_version_needs_a_note_or_a_class_with_its_reason(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.reword(article, user=emil)
    at = make.minutes(1)
    with pytest.raises(PublishRefused, match="Readers would not be told"):
        make.go_live(article, user=emil, at=at)
    with pytest.raises(PublishRefused, match="needs a reason"):
        make.go_live(article, user=emil, at=at, publication_class="minor", reason="  ")
    with pytest.raises(PublishRefused, match="can’t be chosen"):
        make.go_live(article, user=emil, at=at, publication_class="first", reason="As agreed")
    assert Publication.objects.count() == 1
    minor = make.go_live(article, user=emil, at=at, publication_class="minor", reason="A word")
    assert (minor.publication_class, minor.reason) == ("minor", "A word")


def test_a_new_note_makes_it_a_noted_version_and_is_published_with_it(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note("Ten, not eleven.", NoteKind.CORRECTION),))
    noted = make.go_live(article, user=emil, at=make.minutes(5))
    assert noted.publication_class == "noted"
    (note,) = published_notes(article.pk, at=make.minutes(5))
    assert (note.text, note.live_from, note.publication_id) == ("Ten, not eleven.", make.minutes(5), noted.pk)
    assert published_notes(article.pk, at=make.minutes(4)) == []


def test_a_scheduled_version_goes_live_at_its_time_by_itself(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    assert live_number(make.minutes(29)) == 1
    assert live_number(make.minutes(30)) == 2
    assert [version.number for version in versions(article.pk, at=make.minutes(29))] == [1]


def test_a_first_version_that_is_scheduled_has_no_address_yet(article: Article, emil: User) -> None:
    make.go_live(article, user=emil, live_from=make.minutes(30))
    assert live_version(SLUG, at=make.minutes(29)) is None
    assert live_number(make.minutes(30)) == 1


def test_an_older_or_missing_revision_is_refused(article: Article, emil: User) -> None:
    make.change(article, user=emil, dek="Two")
    with pytest.raises(PublishRefused, match="no revision 7"):
        publish(article=article, revision=7, user=emil, at=make.MORNING)
    make.go_live(article, user=emil)
    for revision in (1, 2):
        with pytest.raises(PublishRefused, match="is live already"):
            publish(
                article=article,
                revision=revision,
                user=emil,
                at=make.minutes(1),
                publication_class="minor",
                reason="As agreed",
            )


def test_a_publication_costs_thirty_three_queries_at_most(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.reword(article, user=emil)
    with CaptureQueriesContext(connection) as queries:
        make.go_live(article, user=emil, at=make.minutes(1), publication_class="minor", reason="A word")
    assert len(queries) <= 33, [query["sql"][:120] for query in queries]


@pytest.mark.parametrize("role", [REPORTER, AUDITOR, None])
def test_who_may_not_publish_does_not(article: Article, emil: User, role: str | None) -> None:
    nobody = make.make_user(role)
    with pytest.raises(PermissionDenied):
        make.go_live(article, user=nobody)
    pending = make.go_live(article, user=emil, live_from=make.minutes(30))
    with pytest.raises(PermissionDenied):
        cancel(publication=pending, user=nobody, reason="As agreed", at=make.minutes(1))
    with pytest.raises(PermissionDenied):
        set_embargo(article=article, until=None, user=nobody, reason="As agreed", at=make.minutes(1))
    assert LedgerEntry.objects.count() == 2


def test_an_override_is_a_managing_editors(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, dek="Substance")
    at = make.minutes(1)
    with pytest.raises(PermissionDenied, match="Only a managing editor"):
        make.go_live(article, user=emil, at=at, publication_class="override", reason="Court order")
    maya = make.make_user(MANAGING_EDITOR)
    publication = make.go_live(article, user=maya, at=at, publication_class="override", reason="Court order")
    assert (publication.publication_class, publication.user_name) == ("override", "Maya Managing")


def test_imported_is_the_importers_alone(article: Article, emil: User) -> None:
    with pytest.raises(PublishRefused, match="can’t be chosen"):
        make.go_live(article, user=emil, publication_class="imported")

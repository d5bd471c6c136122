"""Publishing: when, under which address, in which class, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.errors import PublishRefused, Refused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind, TextBlock
from stories.models import Article, LedgerEntry, Publication, StoryAddress, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.publishing.versions import (
    Version,
    live_stories,
    live_version,
    picture_is_public,
    public_story,
    published_notes,
    versions,
)
from stories.queries.verification import Verification
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


def test_updated_moves_for_what_readers_were_told_of_alone(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(5))
    make.reword(article, user=emil)
    make.go_live(article, user=emil, at=make.minutes(9), publication_class="minor", reason="Tidied")
    version = live_version(SLUG, at=make.minutes(9))
    assert version is not None
    assert (version.number, version.live_from, version.updated_at) == (3, make.minutes(9), make.minutes(5))


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


def test_while_one_is_pending_no_other_is_published(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(make.note(),))
    pending = make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    make.reword(article, user=emil)
    with pytest.raises(PublishRefused, match="Say what becomes of it"):
        make.go_live(article, user=emil, at=make.minutes(2), publication_class="minor", reason="Urgent")
    cancel(publication=pending, user=emil, reason="Overtaken", at=make.minutes(3))
    make.go_live(article, user=emil, at=make.minutes(4))
    assert live_number(make.minutes(60)) == 2


def test_a_cancelled_publication_never_goes_live_and_takes_no_number(article: Article, emil: User) -> None:
    pending = make.go_live(article, user=emil, live_from=make.minutes(30))
    cancel(publication=pending, user=emil, reason="Not ready", at=make.minutes(1))
    assert live_version(SLUG, at=make.minutes(31)) is None
    with pytest.raises(Refused, match="cancelled already"):
        cancel(publication=pending, user=emil, reason="Again", at=make.minutes(2))
    make.go_live(article, user=emil, at=make.minutes(40))
    assert live_number(make.minutes(40)) == 1
    assert list(Verification()) == []


def test_what_is_live_can_not_be_cancelled(article: Article, emil: User) -> None:
    publication = make.go_live(article, user=emil)
    with pytest.raises(Refused, match="is live"):
        cancel(publication=publication, user=emil, reason="Oops", at=make.minutes(1))
    pending = make.go_live(make.begin(make.wanted("Other"), user=emil), user=emil, live_from=make.minutes(9))
    with pytest.raises(Refused, match="Say why"):
        cancel(publication=pending, user=emil, reason=" ", at=make.minutes(1))


def test_an_embargo_refuses_an_earlier_time_until_it_is_lifted(article: Article, emil: User) -> None:
    set_embargo(
        article=article, until=make.minutes(30), user=emil, reason="Promised to the court", at=make.MORNING
    )
    for live_from in (None, make.minutes(29)):
        with pytest.raises(PublishRefused, match="under embargo until"):
            make.go_live(article, user=emil, at=make.minutes(1), live_from=live_from)
    pending = make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    with pytest.raises(Refused, match="before the embargo ends"):
        set_embargo(article=article, until=make.minutes(60), user=emil, reason="Longer", at=make.minutes(2))
    cancel(publication=pending, user=emil, reason="Sooner", at=make.minutes(2))
    set_embargo(article=article, until=None, user=emil, reason="They published it", at=make.minutes(3))
    make.go_live(article, user=emil, at=make.minutes(4))
    assert live_number(make.minutes(4)) == 1
    assert list(Verification()) == []


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


def test_an_address_is_the_storys_for_ever_and_never_anothers(article: Article, emil: User) -> None:
    other = make.begin(make.wanted("Another", slug=SLUG), user=emil)
    make.go_live(article, user=emil)
    make.change(article, user=emil, slug="objections-heard", update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1))
    for slug in (SLUG, "objections-heard"):
        version = live_version(slug, at=make.minutes(1))
        assert version is not None
        assert version.slug == "objections-heard"
    with pytest.raises(PublishRefused, match="belongs to another story, for ever"):
        make.go_live(other, user=emil, at=make.minutes(2))
    assert Publication.objects.count() == 2


def test_a_slug_that_is_only_scheduled_leads_nowhere(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, slug="secret-plan", update_notes=(make.note(),))
    make.go_live(article, user=emil, at=make.minutes(1), live_from=make.minutes(30))
    assert live_version("secret-plan", at=make.minutes(29)) is None
    assert live_number(make.minutes(29)) == 1
    assert live_number(make.minutes(30), "secret-plan") == 2


def test_readers_see_the_revision_that_was_published_not_the_working_copy(
    article: Article, emil: User
) -> None:
    make.go_live(article, user=emil)
    make.reword(article, user=emil)
    make.change(article, user=emil, comment_requests=(make.request(shown=False),))
    version = live_version(SLUG, at=make.minutes(1))
    assert version is not None
    assert words(version) == "<p>The council met on Monday.</p>"
    make.go_live(article, user=emil, at=make.minutes(2), publication_class="minor", reason="A word")
    version = live_version(SLUG, at=make.minutes(2))
    assert version is not None
    assert words(version) == "<p>The council met briefly on Monday.</p>"
    assert public_story(version).comment_requests == ()


def test_a_version_says_how_much_it_changed(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.change(article, user=emil, blocks=(make.text("<p>The council sat on Monday, late.</p>"),))
    make.go_live(article, user=emil, at=make.minutes(1), publication_class="minor", reason="A word")
    newest, first = versions(article.pk, at=make.minutes(1))
    assert (first.words_added, first.words_removed) == (0, 0)
    assert (newest.words_added, newest.words_removed) == (2, 1)


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


def test_what_is_about_to_go_live_is_not_cancelled(article: Article, emil: User) -> None:
    pending = make.go_live(article, user=emil, live_from=make.minutes(1))
    with pytest.raises(Refused, match="about to be"):
        cancel(publication=pending, user=emil, reason="As agreed", at=make.minutes(1) - timedelta(seconds=4))


def test_a_publication_costs_thirty_queries_at_most(article: Article, emil: User) -> None:
    make.go_live(article, user=emil)
    make.reword(article, user=emil)
    with CaptureQueriesContext(connection) as queries:
        make.go_live(article, user=emil, at=make.minutes(1), publication_class="minor", reason="A word")
    assert len(queries) <= 30, [query["sql"][:120] for query in queries]


def test_no_picture_is_public_that_no_version_shows(article: Article) -> None:
    assert not picture_is_public("0" * 64, at=make.MORNING)


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


def test_every_list_of_versions_is_one_query(
    article: Article, emil: User, django_assert_num_queries: object
) -> None:
    make.go_live(article, user=emil)
    for number in range(1, 5):
        make.reword(article, user=emil, number=number)
        make.go_live(article, user=emil, at=make.minutes(number), publication_class="minor", reason="Dek")
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        live_version(SLUG, at=make.minutes(9))
    with django_assert_num_queries(1):
        versions(article.pk, at=make.minutes(9))
    with django_assert_num_queries(1):
        live_stories(at=make.MORNING, limit=20)

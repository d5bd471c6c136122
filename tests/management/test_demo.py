"""The demo newsroom: every state that a story can be in, created through the real actions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stories.domain.snapshot import NoteKind, QuoteBlock, RequestStatus
from stories.management.demo import PASSWORD, PEOPLE, REFERENCE_SLUG
from stories.models import (
    Answer,
    Article,
    DeskRecord,
    LedgerEntry,
    Publication,
    PublicationClass,
    SignOff,
    User,
)
from stories.models.roles import EDITOR
from stories.queries.audit.questions import open_questions
from stories.queries.publishing.versions import live_stories, live_version, published_notes, versions
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.queries.verification import Verification
from tests import factories as make, ledger_last

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def debug(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.fixture(autouse=True)
def many_actions_in_one_transaction(db: None) -> Iterator[None]:
    with ledger_last.paused():
        yield


@pytest.fixture
def demo(debug: None) -> None:
    call_command("demo", verbosity=0)


def test_the_reference_story_stands_at_version_three_with_a_draft_between(demo: None) -> None:
    now = timezone.now()
    version = live_version(REFERENCE_SLUG, at=now)
    assert version is not None
    assert (version.number, version.revision, latest_revision(version.article_id)) == (3, 4, 4)
    first, second, third = (snapshot_at(version.article_id, number) for number in (1, 2, 4))

    def words(story: object) -> str:
        return next(block.text for block in story.blocks if isinstance(block, QuoteBlock))  # type: ignore[attr-defined]

    assert "recieve" in words(first)
    assert "(sic)" in words(first)
    assert "receive" in words(second)
    assert "(sic)" not in words(second)
    assert [request.status for request in first.comment_requests] == [RequestStatus.PENDING] * 2
    assert [request.status for request in third.comment_requests] == [
        RequestStatus.PENDING,
        RequestStatus.RECEIVED,
    ]
    speakers = [block.speaker for block in third.blocks if isinstance(block, QuoteBlock)]
    assert speakers == ["Dana Whitlock", "Marcus Oyelaran"]
    notes = published_notes(version.article_id, at=now)
    assert [note.kind for note in notes] == [NoteKind.UPDATE, NoteKind.COMMENT_ADDED]


def test_there_is_a_story_in_every_state(demo: None) -> None:
    now = timezone.now()
    live = {version.slug: version for version in live_stories(at=now, limit=50)}
    assert "tram-timetable-eastern-districts" not in live  # a draft
    assert "night-ferry-to-lindmere" not in live  # scheduled
    assert Publication.objects.pending(at=now).count() == 1
    assert DeskRecord.objects.filter(party="Brackwater Engineering", deadline__lt=now).exists()
    waiting = DeskRecord.objects.exclude(statement="").values_list("party", "terms")
    assert sorted(waiting) == [("Hollin & Sons", "on-the-record"), ("the school district", "disputed")]
    corrected = published_notes(live["reservoirs-after-dry-autumn"].article_id, at=now)
    assert [(note.kind, note.was, note.now) for note in corrected] == [
        (NoteKind.CORRECTION, "148 litres", "139 litres")
    ]
    newest, _first = versions(live["lindmere-library-reopens"].article_id, at=now)
    assert newest.publication_class == PublicationClass.MINOR


def test_there_is_a_person_for_each_group_who_can_sign_in(demo: None) -> None:
    for name, (role, display_name) in PEOPLE.items():
        user = User.objects.get(email=f"{name}@example.org")
        assert (user.get_full_name(), user.email) == (display_name, f"{name}@example.org")
        assert user.check_password(PASSWORD)
        assert user.groups.get().name == role


def test_the_demos_ledger_verifies(demo: None) -> None:
    assert list(Verification()) == []


def test_loading_it_again_changes_nothing(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = LedgerEntry.objects.count()
    call_command("demo", verbosity=0)
    assert LedgerEntry.objects.count() == before
    assert "The demo is loaded already." in capsys.readouterr().out


def test_it_refuses_a_database_that_holds_other_stories() -> None:
    make.begin(user=make.make_user(EDITOR))
    with pytest.raises(CommandError, match="holds other stories"):
        call_command("demo", verbosity=0)
    assert Article.objects.count() == 1
    assert User.objects.count() == 1


def test_it_refuses_to_run_outside_debug(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="known to everyone"):
        call_command("demo", verbosity=0)
    assert not User.objects.exists()


def test_an_auditor_finds_something_in_each_queue_a_question_that_waits_and_one_answered(demo: None) -> None:
    client = Client()
    client.force_login(User.objects.get(email="aldo@example.org"))
    waiting = client.get(reverse("audit:front")).context["waiting"]
    # Nothing is withheld in the demo, so that whoever tries it sees everything. A change that is more than a typo
    # can't be announced as one, and nobody in the demo has two accounts.
    empty = ["Called a typo", "Withheld", "A second person who may be the first"]
    assert [str(each.queue.title) for each in waiting if each.is_empty] == empty
    assert [question.user_name for question in open_questions()] == ["Aldo Brandt"]
    assert Answer.objects.get().user_name == "Emil Okafor"
    assert SignOff.objects.count() == 1


def test_two_authors_have_a_profile_and_one_of_them_an_account(demo: None, client: Client) -> None:
    assert User.objects.get(author="rosa-lindqvist").email == "rosa@example.org"
    page = client.get("/author/rosa-lindqvist/").content.decode()
    assert "Rosa Lindqvist covers the city" in page
    assert "Rosa Lindqvist, drawn in blue" in page
    assert "@ines@example.social" in client.get("/author/ines-calder/").content.decode()

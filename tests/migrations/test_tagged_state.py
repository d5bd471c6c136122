"""What was stored in the tagged state is whole after every later migration, and the newsroom goes on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind
from stories.models import Article, LedgerEntry, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from stories.queries.verification import Verification
from tests.factories import PASSWORD, minutes, note
from tests.migrations.tagged_state import TAGGED, load, stored_labels, tagged_models

# When it is looked at: after all that is in it happened.
NOW = minutes(2000)
# The newest entry of its ledger, as somebody outside saved it: number and digest.
HEAD = (66, "5c2fd82da4f9b58c")


@pytest.fixture
def migrated(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newsroom of the tagged state, migrated to the newest."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    call_command("migrate", "stories", TAGGED, verbosity=0)
    try:
        load()
    finally:
        call_command("migrate", verbosity=0)


def test_each_model_of_the_tagged_state_has_rows_for_migrations_to_cope_with() -> None:
    assert stored_labels() == tagged_models().keys()


@pytest.mark.usefixtures("migrated")
def test_what_was_stored_in_the_tagged_state_is_whole_after_every_later_migration() -> None:
    assert [finding.with_values() for finding in Verification()] == []
    newest = LedgerEntry.objects.order_by("-sequence")[0]
    assert (newest.sequence, newest.digest.hex()[:16]) == HEAD
    assert_that_readers_find_it(Client())
    assert_that_people_are_who_they_were()
    assert_that_it_goes_on()


def assert_that_readers_find_it(client: Client) -> None:
    live = client.get("/stories/corvid-answers/")
    assert live.status_code == 200
    assert "No one should be a suspect." in live.content.decode()
    assert client.get("/stories/corvid-answers/versions/2/").status_code == 200
    assert client.get("/2020/council.html").headers["Location"] == "/stories/council-hears-objections/"
    assert "/stories/corvid-answers/" in client.get("/search/", {"q": "suspect"}).content.decode()
    assert client.get("/stories/taken-down/").status_code == 410
    field = client.get("/stories/field/").content.decode()
    assert "its mayor" not in field
    assert "sold the field" in field
    assert "Zed Quill" not in client.get("/stories/bribes/").content.decode()


def assert_that_people_are_who_they_were() -> None:
    maya = User.objects.get(email="maya@example.org")
    assert (maya.get_full_name(), maya.check_password(PASSWORD)) == ("Maya Managing", True)
    assert maya.has_perm("stories.withhold_article")
    rosa = User.objects.get(email="rosa@example.org")
    assert not rosa.has_perm("stories.publish_article")


def assert_that_it_goes_on() -> None:
    emil = User.objects.get(email="emil@example.org")
    article = Article.objects.get(slug="corvid-answers")
    story = working_snapshot(article)
    added = note("The company says that it has nothing to add.", NoteKind.UPDATE)
    revise(
        article=article,
        story=replace(story, update_notes=(*story.update_notes, added)),
        base=latest_revision(article.pk),
        user=emil,
        at=NOW,
    )
    publication = publish(
        article=article, revision=latest_revision(article.pk), user=emil, at=NOW, cause="moved-on"
    )
    assert [finding.with_values() for finding in Verification()] == []
    assert publication.user_name == "Emil Editor"

"""What runs beside editors and beside itself, on PostgreSQL: imports, the worker, and the proof of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from stories.actions.actors import SystemActor
from stories.actions.archive.import_story import import_story
from stories.actions.outbox.deliver import Delivered, Deliverer
from stories.actions.outbox.purges import PurgeChannel
from stories.actions.publishing.publish import publish
from stories.domain.archive.stories import load
from stories.models import Article, Author, ImportedStory, OutboxMessage, Publication, Section, User
from stories.queries.verification import Verification
from tests import factories as make
from tests.archives import line, version, write_archive
from tests.concurrency.stories import fates, holds, live_story, publication
from tests.concurrency.writers import at_once, reader_of
from tests.outbox import running_cache

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def story_line(slug: str, *pictures: str, **values: object) -> bytes:
    """A line whose versions show one picture after the other, by credited people of two sections."""
    bylines = [
        {"author": "ines-calder", "name": "Ines Calder"},
        {"author": "omar-reyes", "name": "Omar Reyes"},
    ]
    versions = [
        version(
            9 + number,
            body=f'<p>Part {number} of {slug}.</p><p><img src="{picture}" alt="A dam"></p>',
            section=("dams", "rivers")[number % 2],
            bylines=bylines,
        )
        for number, picture in enumerate(pictures)
    ]
    return line(*versions, slug=slug, **values)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(make.png(60 + number, 40))
    return tmp_path


def imported(path: Path, media: Path) -> str:
    """All that an import says."""
    output = StringIO()
    try:
        call_command("import_archive", str(path), media=media, stdout=output, stderr=output, verbosity=0)
    except CommandError as error:
        output.write(str(error))
    return output.getvalue()


def test_the_same_archive_imported_twice_at_once_brings_each_story_once(media: Path, tmp_path: Path) -> None:
    lines = [story_line(f"story-{number}", "0.png", "1.png", source_id=f"s-{number}") for number in range(6)]
    archive = write_archive(tmp_path / "archive.jsonl", *lines)
    outcomes = at_once(lambda: imported(archive, media), lambda: imported(archive, media))
    assert fates(outcomes) == ["done", "done"]
    assert f"{outcomes}".count("failed 0.") == 2, "who comes second finds the story here, and says so"
    assert Article.objects.count() == ImportedStory.objects.count() == 6
    assert Publication.objects.count() == 12
    holds()


def test_archives_that_share_sections_authors_pictures_and_addresses_never_wait_for_each_other(
    media: Path, tmp_path: Path
) -> None:
    """One shows the pictures in the other's order turned round, which is how two would wait for each other."""
    names = [f"{number}.png" for number in range(4)]
    there, back = (
        write_archive(
            tmp_path / f"{name}.jsonl",
            *(story_line(f"{name}-{number}", *pictures) for number in range(3)),
            story_line(name, *pictures, addresses=["/a/", "/b/"] if name == "there" else ["/b/", "/a/"]),
        )
        for name, pictures in (("there", names), ("back", names[::-1]))
    )
    outcomes = at_once(lambda: imported(there, media), lambda: imported(back, media))
    assert fates(outcomes) == ["done", "done"]
    output = "\n".join(map(str, outcomes))
    assert output.count("line ") == output.count("The old address “/a/” belongs to another story.") == 1, (
        output
    )
    assert Article.objects.count() == 7
    assert (Section.objects.count(), Author.objects.count()) == (2, 2)
    holds()


def test_an_import_beside_publications(maya: User, media: Path, tmp_path: Path) -> None:
    lines = [story_line(f"story-{number}-imported", "0.png", "1.png") for number in range(4)]
    archive = write_archive(tmp_path / "archive.jsonl", *lines)
    stories = [live_story(maya) for _each in range(3)]
    publications = [publication(story, maya) for story in stories]
    with reader_of(["/", "/feed/", "/section/dams/"]) as failures:
        outcomes = at_once(lambda: imported(archive, media), lambda: [publish() for publish in publications])
    assert fates(outcomes) == ["done", "done"]
    assert "failed 0." in f"{outcomes[0]}"
    assert Article.objects.count() == 7
    assert failures == []
    holds()


def test_a_draft_published_at_the_address_that_an_import_brings(maya: User) -> None:
    draft = make.begin(make.wanted("The dam", slug="the-dam"), user=maya)
    archived = load(line(version(), slug="the-dam", source_id="s-1"))
    outcomes = at_once(
        lambda: import_story(story=archived, user=SystemActor("importer"), at=NOW),
        lambda: publish(article=draft, revision=1, user=maya),
    )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert Publication.objects.count() == 1


def test_two_workers_send_each_purge_once(maya: User, settings: Settings) -> None:
    with running_cache() as cache:
        settings.PURGE_URL = cache.address
        for _each in range(4):
            publication(live_story(maya), maya)()
        waiting = [set(message.payload["keys"]) for message in OutboxMessage.objects.all()]
        assert len(waiting) == 8
        outcomes = at_once(*[lambda: Deliverer([PurgeChannel()]).deliver()] * 2)
    assert fates(outcomes) == ["done", "done"]
    assert sum(each.sent for each in outcomes if isinstance(each, Delivered)) == 8
    assert set().union(*waiting) == set(cache.keys)
    assert not OutboxMessage.objects.exists()


def test_what_comes_due_is_purged_by_one_of_two_workers(maya: User, settings: Settings) -> None:
    """A version that goes live by its time asks for no job; of two workers one tells the cache of it."""
    due = make.minutes(60 * 24 * 365 * 3)
    story = live_story(maya)
    with running_cache() as cache:
        settings.PURGE_URL = cache.address
        publish(article=story, revision=2, user=maya, notes=(make.note(),), live_from=due)
        assert Deliverer([PurgeChannel()]).deliver() == Delivered()
        outcomes = at_once(*[lambda: Deliverer([PurgeChannel()], clock=lambda: due).deliver()] * 2)
    assert sorted(each.sent for each in outcomes if isinstance(each, Delivered)) == [0, 1]
    assert len(cache.requests) == 1


def test_the_ledger_verifies_while_stories_are_published(maya: User) -> None:
    publications = [publication(live_story(maya), maya) for _each in range(6)]
    over = Event()

    def publish_all() -> None:
        try:
            for write in publications:
                write()
        finally:
            over.set()

    def verify() -> list[str]:
        found: list[str] = []
        while not over.is_set():
            found += [str(finding) for finding in Verification()]
        return found

    published, found = at_once(publish_all, verify)
    assert (published, found) == (None, [])
    holds()

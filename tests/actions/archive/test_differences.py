"""A story that comes a second time: equal, longer, different here, or grown here."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions.archive.import_story import ImportOutcome, import_story
from stories.domain.archive.stories import load
from stories.models import (
    Article,
    ImportedStory,
    LedgerEntry,
    StoryAddress,
)
from stories.models.roles import EDITOR
from stories.queries.publishing.stored_versions import exported_story
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests.archives import BODY, IMPORTER, NOW, import_archived, line, refusal, version
from tests.factories import change, go_live, make_user, note

pytestmark = pytest.mark.django_db


def test_what_came_in_already_is_skipped_however_it_is_written() -> None:
    import_archived(version(9), version(10, headline="Council hears more"))
    entries = LedgerEntry.objects.count()
    article = Article.objects.get()
    assert (
        import_archived(version(9), version(10, headline="Council hears more")).outcome
        is ImportOutcome.SKIPPED
    )
    assert (
        import_archived(version(9, dek=" "), version(10, headline="Council hears  more")).outcome
        is ImportOutcome.SKIPPED
    )
    exported = exported_story(article.pk, at=NOW).line
    assert import_story(story=load(line(**exported)), user=IMPORTER, at=NOW).outcome is ImportOutcome.SKIPPED
    assert LedgerEntry.objects.count() == entries


def test_a_longer_story_appends_its_new_versions() -> None:
    import_archived(version(9), source_id="wp-17")
    result = import_archived(
        version(9, slug="council-hears-objections"),
        version(10, body=BODY.replace("Monday", "Friday")),
        slug="renamed-there",
        source_id="wp-17",
    )
    assert (result.outcome, result.versions) == (ImportOutcome.APPENDED, 1)
    article = Article.objects.get()
    assert "Friday" in repr(snapshot_at(article.pk, 2).blocks)
    assert ImportedStory.objects.count() == 2
    assert set(StoryAddress.objects.values_list("slug", flat=True)) == {
        "council-hears-objections",
        "renamed-there",
    }
    assert list(Verification()) == []


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({"headline": "Other"}, "headline"),
        ({"body": BODY.replace("We", "They")}, "blocks"),
        ({"bylines": ["Ines Calder"]}, "bylines"),
        ({"live_from": "2020-03-02T10:00:01Z"}, "live_from"),
        ({"class": "minor"}, "class"),
        ({"notes": [{"kind": "typo", "text": "a"}]}, "update_notes"),
    ],
)
def test_a_story_that_differs_is_refused_with_the_first_version_that_does(
    second: dict[str, Any], field: str
) -> None:
    import_archived(version(9), version(10, dek="more"), version(11))
    changed = {**version(10, dek="more"), **second}
    assert refusal(version(9), changed, version(11, dek="x")) == (
        f"Version 2 is not as it is here: “{field}” differs. Nothing of this story was imported."
    )


def test_a_story_that_grew_here_is_not_the_archives_any_more() -> None:
    import_archived(version(9))
    article = Article.objects.get()
    editor = make_user(EDITOR)
    change(article, user=editor, update_notes=(note(),), at=NOW)
    go_live(article, user=editor, at=NOW)
    assert refusal(version(9)) == (
        "Version 2 is here, but not in the archive: this story was published here since."
    )


def test_edits_that_wait_here_do_not_go_live_with_the_archives_next_version() -> None:
    import_archived(version(9))
    change(Article.objects.get(), user=make_user(EDITOR), headline="A draft", at=NOW)
    assert refusal(version(9), version(10)) == (
        "This story has unpublished edits here. Publish or undo them, then import its new versions."
    )

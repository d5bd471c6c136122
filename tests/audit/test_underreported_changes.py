"""Queues of what readers were told too little of: called a typo, or added by an import without a note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.archive.import_story import import_story
from stories.domain.archive.stories import load
from stories.models import Publication, User
from tests.archives import line, version
from tests.audit.conftest import entry_of
from tests.factories import minutes

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

BODY = "<p>The council met in the old hall on Monday, and nobody spoke.</p>"
OTHER = "<p>The council met in secret on Sunday, and the mayor took a bribe.</p>"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(60 * 24))


def queue(client: Client, name: str) -> list[tuple[int, str]]:
    answer = client.get(reverse("audit:queue", args=[name]))
    return [(each.line.entry.sequence, " ".join(each.remarks)) for each in answer.context["lines"]]


def take_in(user: User, *versions: object, at: int) -> None:
    import_story(story=load(line(*versions)), user=user, at=minutes(at))  # type: ignore[arg-type]


def test_an_import_that_changes_a_known_story_without_a_note_is_unannounced(
    desk: Client, editor: User
) -> None:
    first = version(5, body=BODY)
    take_in(editor, first, at=0)
    assert queue(desk, "unannounced") == []
    # Dated back: it is imported hours after its live time.
    take_in(editor, first, version(6, body=OTHER), at=600)
    added = Publication.objects.order_by("-pk")[0]
    assert added.live_from < added.recorded_at - timedelta(hours=12)
    assert added.card.significance == "substantive"
    ((sequence, told),) = queue(desk, "unannounced")
    assert sequence == entry_of(added).sequence
    assert "a change of substance" in told
    assert "added by an import on 2 Mar 2026" in told


def test_an_import_with_its_versions_at_once_is_not(desk: Client, editor: User) -> None:
    take_in(editor, version(5, body=BODY), version(6, body=OTHER), at=0)
    assert queue(desk, "unannounced") == []


def test_an_added_version_that_calls_itself_noted_and_has_no_note_is(desk: Client, editor: User) -> None:
    first = version(5, body=BODY)
    take_in(editor, first, at=0)
    take_in(editor, first, version(6, body=OTHER, **{"class": "noted"}), at=600)
    assert len(queue(desk, "unannounced")) == 1


def test_an_added_version_with_a_note_is_announced(desk: Client, editor: User) -> None:
    first = version(5, body=BODY)
    note = {"kind": "correction", "text": "The meeting was secret."}
    take_in(editor, first, at=0)
    take_in(editor, first, version(6, body=OTHER, notes=[note]), at=600)
    assert queue(desk, "unannounced") == []


def test_what_an_archive_calls_a_typo_is_measured(desk: Client, editor: User) -> None:
    typo = {"kind": "typo", "text": "Fixed a typo."}
    take_in(editor, version(5, body=BODY), version(6, body=OTHER, notes=[typo]), at=0)
    ((sequence, told),) = queue(desk, "typos")
    assert sequence == entry_of(Publication.objects.order_by("-pk")[0]).sequence
    assert told == "the note: Fixed a typo. measured as a change of substance"


def test_a_typo_that_was_one_is_not_listed(desk: Client, editor: User) -> None:
    typo = {"kind": "typo", "text": "Fixed a typo."}
    slip = BODY.replace("Monday,", "Monday")
    take_in(editor, version(5, body=BODY), version(6, body=slip, notes=[typo]), at=0)
    assert Publication.objects.order_by("-pk")[0].card.significance == "typography"
    assert queue(desk, "typos") == []

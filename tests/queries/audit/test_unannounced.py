"""What went live without a note: the most serious class first, and of each the largest changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.models import User
from stories.queries.audit import unannounced as module
from stories.queries.audit.unannounced import unannounced
from tests.archives import version
from tests.factories import begin, change, go_live, minutes, note, reword, wanted
from tests.queries.audit.reading import NOW, newest_version, sequence_of, sequences, sign, take_in

pytestmark = pytest.mark.django_db

BODY = "<p>The council met in the old hall on Monday, and nobody spoke.</p>"
OTHER = "<p>The council met in secret on Sunday, and the mayor took a bribe.</p>"


def test_an_override_comes_before_a_minor_change_and_a_note_is_no_such_thing(
    editor: User, managing_editor: User, auditor: User
) -> None:
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(10))
    reword(article, user=editor)
    go_live(article, user=editor, at=minutes(20), publication_class="minor", reason="An adverb")
    minor = newest_version(article)
    change(article, user=editor, headline="Council votes")
    how = {"publication_class": "override", "reason": "No matter"}
    go_live(article, user=managing_editor, at=minutes(30), **how)
    override = newest_version(article)
    change(article, user=editor, update_notes=(note(),))
    go_live(article, user=editor, at=minutes(40))
    assert sequences(unannounced(at=NOW)) == [override, minor]
    sign(override, auditor)
    assert sequences(unannounced(at=NOW, unsigned=True)) == [minor]


def test_what_is_still_to_come_is_left_out(editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(10))
    reword(article, user=editor)
    go_live(
        article,
        user=editor,
        at=minutes(20),
        live_from=NOW + timedelta(days=1),
        publication_class="minor",
        reason="An adverb",
    )
    assert unannounced(at=NOW).lines == []


def test_page_after_page_each_is_listed_once(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        article = begin(wanted(f"Story {number}"), user=editor)
        go_live(article, user=editor, at=minutes(10))
        reword(article, user=editor)
        go_live(article, user=editor, at=minutes(20), publication_class="minor", reason="An adverb")
    full = sequences(unannounced(at=NOW))
    monkeypatch.setattr(module, "PAGE_LENGTH", 2)
    found, after = [], None
    for _page in range(3):
        page = unannounced(at=NOW, after=after)
        found += sequences(page)
        after = page.following
    assert (found, len(full), after) == (full, 5, None)


def test_an_import_that_changes_a_known_story_without_a_note_is_listed(editor: User) -> None:
    first = version(5, body=BODY)
    take_in(editor, first, at=0)
    assert unannounced(at=NOW).lines == []
    added = take_in(editor, first, version(6, body=OTHER), at=600)
    (line,) = unannounced(at=NOW).lines
    assert (line.sequence, line.facts.card.significance) == (sequence_of(added), "substantive")


def test_an_import_with_all_its_versions_or_with_a_note_is_not(editor: User) -> None:
    take_in(editor, version(5, body=BODY), version(6, body=OTHER), at=0)
    first = version(5, body=BODY)
    take_in(editor, first, at=0, slug="noted")
    correction = {"kind": "correction", "text": "The meeting was secret."}
    take_in(editor, first, version(6, body=OTHER, notes=[correction]), at=600, slug="noted")
    assert unannounced(at=NOW).lines == []

"""How long an error was there until it was corrected, and until readers learned of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stories.domain.snapshot import NoteKind
from stories.models import User
from stories.queries.audit.corrections import corrections
from tests.factories import begin, change, go_live, minutes, note, text, wanted
from tests.public.stories import make_corrected
from tests.queries.audit.reading import NOW, newest_version, sequences, sign

pytestmark = pytest.mark.django_db

TEN_MINUTES = timedelta(minutes=10)


def test_it_is_counted_from_the_first_version_with_what_the_note_calls_wrong(
    editor: User, auditor: User
) -> None:
    article = make_corrected(editor)
    (line,) = corrections(at=NOW).lines
    assert line.sequence == newest_version(article)
    assert (line.facts.words, line.facts.from_note) == ("$40", True)
    assert (line.facts.to_note, line.facts.to_fix) == (TEN_MINUTES, TEN_MINUTES)
    assert corrections(at=minutes(59)).lines == []
    sign(line.sequence, auditor)
    assert corrections(at=NOW, unsigned=True).lines == []


def test_where_the_note_paraphrases_it_is_what_its_version_took_out(editor: User) -> None:
    before = text("<p>The ferries cost forty million dollars.</p>")
    article = begin(wanted("Ferries", before), user=editor)
    go_live(article, user=editor, at=minutes(10))
    after = replace(before, text="<p>The ferries cost twelve million dollars.</p>")
    correction = note("The budget was wrong.", NoteKind.CORRECTION, was="far too much")
    change(article, user=editor, blocks=(after,), update_notes=(correction,), at=minutes(20))
    go_live(article, user=editor, at=minutes(20))
    (line,) = corrections(at=NOW).lines
    assert "forty" in line.facts.words
    assert not line.facts.from_note
    assert line.facts.to_note == TEN_MINUTES


def test_what_stood_in_no_version_is_not_timed(editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(10))
    correction = note("We gave a wrong name.", NoteKind.CORRECTION, was="Smyth")
    change(article, user=editor, update_notes=(correction,), at=minutes(20))
    go_live(article, user=editor, at=minutes(20))
    (line,) = corrections(at=NOW).lines
    assert (line.facts.words, line.facts.to_note, line.facts.to_fix) == ("", None, None)


def test_the_newest_correction_comes_first(editor: User) -> None:
    first = make_corrected(editor)
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(70))
    change(article, user=editor, update_notes=(note(kind=NoteKind.CORRECTION),), at=minutes(80))
    go_live(article, user=editor, at=minutes(80))
    assert sequences(corrections(at=NOW)) == [newest_version(article), newest_version(first)]

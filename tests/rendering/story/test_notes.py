from __future__ import annotations

from uuid import UUID, uuid4

from stories.domain.snapshot import NoteKind
from stories.rendering.story.notes import ReaderNote, arrange
from tests.factories import minutes


def reader_note(kind: NoteKind, version: int, *, amends: UUID | None = None) -> ReaderNote:
    return ReaderNote(
        key=uuid4(),
        kind=kind,
        text=f"{kind} of version {version}",
        amends=amends,
        slug="a-story",
        version=version,
        live_from=minutes(version),
    )


def test_what_changes_a_readers_belief_stands_above_and_the_rest_below_newest_first() -> None:
    notes = [reader_note(kind, version) for version, kind in enumerate(NoteKind, start=1)]
    above, below = arrange(notes)
    assert [note.kind for note in above] == [NoteKind.RETRACTION, NoteKind.CLARIFICATION, NoteKind.CORRECTION]
    assert [note.version for note in below] == [6, 5, 4, 3]


def test_an_amendment_stands_under_the_note_that_it_amends() -> None:
    first = reader_note(NoteKind.CORRECTION, 2)
    second = reader_note(NoteKind.CORRECTION, 3, amends=first.key)
    third = reader_note(NoteKind.CORRECTION, 4, amends=second.key)
    above, below = arrange([first, second, third])
    assert [note.key for note in above] == [first.key]
    assert [note.key for note in above[0].amendments] == [second.key, third.key]
    assert not below


def test_an_update_that_a_correction_amends_rises_above_the_story() -> None:
    update = reader_note(NoteKind.UPDATE, 2)
    above, below = arrange([update, reader_note(NoteKind.CORRECTION, 3, amends=update.key)])
    assert [note.key for note in above] == [update.key]
    assert not below


def test_an_amendment_of_a_note_that_is_not_displayed_stands_for_itself() -> None:
    correction = reader_note(NoteKind.CORRECTION, 3, amends=uuid4())
    assert arrange([correction])[0][0].key == correction.key

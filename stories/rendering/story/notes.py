"""Notes to readers, in the order and place in which a page displays them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from stories.domain.snapshot import NoteKind
from stories.note_labels import NOTE_KIND_LABELS

NOTE_LABELS = {kind: labels.readers for kind, labels in NOTE_KIND_LABELS.items()}


@dataclass(frozen=True, kw_only=True)
class ReaderNote:
    """A published note, with the version that added it and when. `amendments` are later notes on it."""

    key: UUID
    kind: NoteKind
    text: str
    was: str = ""
    now: str = ""
    amends: UUID | None = None
    slug: str
    version: int
    live_from: datetime
    amendments: Sequence[ReaderNote] = field(default=())

    @property
    def label(self) -> str:
        return str(NOTE_LABELS[self.kind])

    @property
    def weighty(self) -> bool:
        """Whether the note or an amendment changes what a reader should believe."""
        return self.kind.weighty or any(note.weighty for note in self.amendments)


def arrange(notes: Iterable[ReaderNote]) -> tuple[list[ReaderNote], list[ReaderNote]]:
    """Return the notes for the top and those for the end of a story, newest first, with their amendments."""
    found = list(notes)
    keys = {note.key for note in found}
    roots = [_with_amendments(note, found) for note in found if note.amends not in keys]
    roots.sort(key=lambda note: (note.version, note.live_from), reverse=True)
    return [note for note in roots if note.weighty], [note for note in roots if not note.weighty]


def _with_amendments(note: ReaderNote, notes: Sequence[ReaderNote]) -> ReaderNote:
    # An amendment of an amendment is listed next to it, under the note that both are about.
    below: list[ReaderNote] = []
    about = {note.key}
    for other in notes:
        if other.amends in about:
            about.add(other.key)
            below.append(other)
    return replace(note, amendments=tuple(below))

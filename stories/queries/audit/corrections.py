"""Measure how long it took to correct an error, and to tell readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, IntegerField, Value, When

from stories.domain.editing.error_spans import error_span
from stories.domain.snapshot import NoteKind
from stories.models import Publication, PublishedNote, SearchText
from stories.queries.audit.queues import QueuePage, one_page, queued, signed_off


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedVersion:
    """A correction: what it says was wrong, and how long readers could read that.

    `words` are those that were looked for: the note's own (`from_note`) if a version contains them, otherwise the
    longest passage that its version removed; "" if neither is known. `since` is when the first version with them went
    live and `fixed` the first later version without them, None if that is unknown.
    """

    note: PublishedNote
    words: str
    from_note: bool
    since: datetime | None
    fixed: datetime | None

    @property
    def to_note(self) -> timedelta | None:
        """The time from the first version with the error to the note."""
        return self.note.publication.live_from - self.since if self.since else None

    @property
    def to_fix(self) -> timedelta | None:
        """The time from the first version with the error to the first without it."""
        return self.fixed - self.since if self.since and self.fixed else None


def corrections(*, at: datetime, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return published corrections, newest first.

    `before` is the number of the last note of the previous page. Four queries.
    """
    rows = (
        PublishedNote.objects.filter(kind=NoteKind.CORRECTION.value)
        .filter(publication__in=Publication.objects.live(at=at))
        .select_related("publication")
        .order_by("-pk")
    )
    if unsigned:
        rows = rows.filter(~signed_off("publication", event="publication_id"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    on_page, following = one_page(rows)
    events = [(each.note.publication, each) for each in timed(on_page)]
    return QueuePage(lines=queued(events), following=following)


def timed(notes: Sequence[PublishedNote]) -> list[CorrectedVersion]:
    """Return corrections with how long they took, each with its publication. Two queries, however many."""
    taken_out = _taken_out(notes)
    versions: dict[int, list[tuple[datetime, bool, bool]]] = {note.pk: [] for note in notes}
    first, *others = [_versions(note, taken_out[note.pk]) for note in notes] or [None]
    if first is not None:
        for pk, *version in sorted(first.union(*others, all=True).order_by() if others else first):
            versions[pk].append(tuple(version))
    return [_corrected_version(note, taken_out[note.pk], versions[note.pk]) for note in notes]


def _taken_out(notes: Iterable[PublishedNote]) -> dict[int, str]:
    """Return the words that the version of each note removed. One query."""
    pairs = {note.pk: (note.publication.base_id, note.publication_id) for note in notes}
    words = SearchText.objects.filter(publication__in={pk for pair in pairs.values() for pk in pair if pk})
    texts: dict[int | None, str] = dict(words.values_list("publication_id", "text"))
    return {
        pk: error_span(texts.get(base, ""), texts.get(publication, ""))
        for pk, (base, publication) in pairs.items()
    }


def _versions(note: PublishedNote, taken_out: str) -> Any:
    """Return for every version up to a note's when it went live, and whether it has the note's or the removed words."""
    publication = note.publication
    return (
        Publication.objects.live(at=publication.live_from)
        .filter(article=publication.article_id)
        .order_by()
        .annotate(
            of_note=Value(note.pk, IntegerField()),
            has_note_words=_contains(note.was),
            has_removed_words=_contains(taken_out),
        )
        .values_list("of_note", "live_from", "has_note_words", "has_removed_words")
    )


def _contains(words: str) -> Any:
    if not words.strip():
        return Value(False)
    contains = When(search_text__text__icontains=words.strip(), then=Value(True))
    return Case(contains, default=Value(False), output_field=BooleanField())


def _corrected_version(
    note: PublishedNote, taken_out: str, versions: list[tuple[datetime, bool, bool]]
) -> CorrectedVersion:
    note_matches = any(version[1] for version in versions)
    contains = [(version[0], version[1] if note_matches else version[2]) for version in versions]
    since = next((moment for moment, has_words in contains if has_words), None)
    fixed = next(
        (moment for moment, has_words in contains if since is not None and moment > since and not has_words),
        None,
    )
    words = note.was.strip() if note_matches else taken_out
    return CorrectedVersion(
        note=note, words=words if since else "", from_note=note_matches, since=since, fixed=fixed
    )

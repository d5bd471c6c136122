"""Find versions that are announced as a typo, but measured as more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from stories.domain.significance.data import Level
from stories.domain.snapshot import NoteKind
from stories.models import Publication, PublishedNote
from stories.queries.audit.queues import QueuePage, one_page, queued, signed_off


def typos(*, at: datetime, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return versions whose notes are all of the kind “typo”, measured as wording or substance; newest first.

    `before` is the number of the last note of the previous page. Each comes with its first PublishedNote. Two queries.
    """
    same_publication = PublishedNote.objects.filter(publication=OuterRef("publication"))
    rows = (
        PublishedNote.objects.filter(
            kind=NoteKind.TYPO.value,
            publication__in=Publication.objects.live(at=at),
            publication__card__significance__in=[Level.WORDING.value, Level.SUBSTANTIVE.value],
        )
        .filter(
            ~Exists(same_publication.exclude(kind=NoteKind.TYPO.value)),
            ~Exists(same_publication.filter(pk__lt=OuterRef("pk"))),
        )
        .select_related("publication__card")
        .order_by("-pk")
    )
    if unsigned:
        rows = rows.filter(~signed_off("publication", event="publication_id"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    on_page, following = one_page(rows)
    return QueuePage(lines=queued((note.publication, note) for note in on_page), following=following)

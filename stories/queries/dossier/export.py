"""Collect a dossier's file while it is written: neither the history nor the ledger is ever in memory as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Max, Min

from stories.domain.dossier.checker.formats import FORMAT
from stories.domain.dossier.dossier import (
    EMPTY_TEXT_COLUMNS,
    OMITTED_COLUMNS,
    RENAMED_COLUMNS,
    Dossier,
    DossierNote,
    DossierPicture,
    DossierRevision,
    DossierVersion,
    chunks,
    json_value,
    story_as_json,
)
from stories.domain.ledger import GENESIS, canonical_time
from stories.domain.snapshot import ImageBlock, PublicStory, StoryContent
from stories.models import (
    Article,
    EntryKind,
    LedgerEntry,
    Picture,
    Publication,
    Revision,
    Withdrawal,
)
from stories.models.integrity.canonical import FORMS
from stories.models.integrity.registry import BLOCK_MODELS, PART_MODELS, PART_TUPLES
from stories.queries.dossier.dossier import asked_parties
from stories.queries.dossier.public import entries_of, read_in_public
from stories.queries.dossier.rows import covered_rows
from stories.queries.ledger.heads import head
from stories.queries.publishing.versions import Version, published_notes, versions
from stories.queries.publishing.withholdings import mask_of
from stories.queries.story.snapshots import snapshot_at, snapshots_between

CHUNK: Final = 50


def layout() -> dict[str, Any]:
    """Return what each column of each table means, for a dossier's checker: see LAYOUTS in `checker.words`."""
    parts = {
        str(model._meta.model_name): [PART_TUPLES[kind], kind.kind if kind in BLOCK_MODELS else ""]
        for kind, model in PART_MODELS.items()
    }
    return {
        "columns": {str(form): tables for form, tables in FORMS.items()},
        "parts": parts,
        "renamed": RENAMED_COLUMNS,
        "untold": OMITTED_COLUMNS,
        "empty": EMPTY_TEXT_COLUMNS,
    }


def public_dossier(article: Article, *, at: datetime) -> Dossier:
    """Return the public part of a story's dossier: its versions, their notes, and their ledger entries."""
    public_versions = sorted(versions(article.pk, at=at), key=lambda version: version.number)
    events = _events(article, public_versions, at)
    end = head()
    newest: PublicStory | None = None
    pictures: set[str] = set()
    for version in public_versions:
        newest = read_in_public(version) or newest
        blocks = newest.blocks if newest else ()
        pictures |= {block.picture for block in blocks if isinstance(block, ImageBlock) and block.picture}
    return Dossier(
        full=False,
        headline=newest.headline if newest else "",
        about=_about(newest.slug if newest else "", "public", min(events, default=1), end, at),
        documents={},
        lines={
            "ledger/chain.jsonl": _chain(min(events, default=1), end[0]),
            "ledger/events.jsonl": (events[sequence] for sequence in sorted(events)),
        },
        revisions=(),
        versions=_public_versions(article, public_versions, at),
        pictures=_pictures(pictures),
    )


def full_dossier(article: Article, *, at: datetime) -> Dossier:
    """Return all of a story's dossier but the desk's contacts. Record who receives it before calling this."""
    # What is written meanwhile is left out: everything ends with the present last entry of the ledger.
    end = head()
    own = LedgerEntry.objects.filter(article=article, sequence__lte=end[0]).aggregate(
        first=Min("sequence"), newest=Max("recorded_at")
    )
    first, at = own["first"] or 1, max(at, own["newest"] or at)
    return Dossier(
        full=True,
        headline=article.headline,
        about=_about(article.slug, "full", first, end, at) | {"article": article.pk},
        documents={"layout.json": layout(), "desk.json": _desk(article)},
        lines={
            "ledger/chain.jsonl": _chain(first, end[0]),
            "ledger/entries.jsonl": _entries(article, end[0]),
            "ledger/rows.jsonl": covered_rows(article.pk, upto=end[0]),
        },
        revisions=_revisions(article, end[0]),
        versions=_all_versions(article, at, end[0]),
        pictures=_pictures(pictures_of(article)),
    )


def _about(slug: str, part: str, first: int, end: tuple[int, str], at: datetime) -> dict[str, Any]:
    before = LedgerEntry.objects.filter(sequence=first - 1).values_list("digest", flat=True).first()
    return {
        "format": FORMAT,
        "part": part,
        "slug": slug,
        "site": settings.SITE_NAME,
        "address": f"{settings.SITE_URL}/stories/{slug}/" if slug else "",
        "made": canonical_time(at),
        "first": first,
        "previous": bytes(before).hex() if before is not None else GENESIS.hex(),
        "head": list(end),
    }


# ------------------------------------------------------------------------------------------------- the ledger


def _chain(first: int, last: int) -> Iterator[dict[str, Any]]:
    """Yield every entry from a story's first to the newest: the digests of the chain, without payloads."""
    entries = LedgerEntry.objects.filter(sequence__gte=first, sequence__lte=last).order_by("sequence")
    for sequence, payload, digest in entries.values_list("sequence", "payload", "digest").iterator():
        yield {
            "sequence": sequence,
            "payload": sha256(payload.encode()).hexdigest(),
            "digest": bytes(digest).hex(),
        }


def _entries(article: Article, last: int) -> Iterator[dict[str, Any]]:
    entries = LedgerEntry.objects.filter(article=article, sequence__lte=last).order_by("sequence")
    for sequence, payload, digest in entries.values_list("sequence", "payload", "digest").iterator():
        yield {"sequence": sequence, "payload": payload, "digest": bytes(digest).hex()}


def _events(article: Article, public_versions: Iterable[Version], at: datetime) -> dict[int, dict[str, Any]]:
    """Return the public side of a story's events, by sequence: its versions, and its withdrawals."""
    public_events: dict[int, dict[str, Any]] = {}
    proofs = entries_of([version.publication_id for version in public_versions])
    for version in public_versions:
        sequence, digest = proofs[version.publication_id]
        public_events[sequence] = {
            "sequence": sequence,
            "digest": digest,
            "kind": "publication",
            "version": version.number,
            "live_from": canonical_time(version.live_from),
            "class": str(version.publication_class),
        }
    withdrawals = Withdrawal.objects.in_bulk(
        list(Withdrawal.objects.filter(article=article, recorded_at__lte=at).values_list("pk", flat=True))
    )
    entries = LedgerEntry.objects.filter(article=article, kind=EntryKind.WITHDRAWAL)
    for entry in entries:
        withdrawal = withdrawals.get(entry.event_id)
        if withdrawal is not None:
            public_events[entry.sequence] = {
                "sequence": entry.sequence,
                "digest": bytes(entry.digest).hex(),
                "kind": "withdrawal",
                "withdrawn": withdrawal.withdrawn,
                "at": canonical_time(withdrawal.recorded_at),
                "notice": mask_of(article.pk).text(withdrawal.notice),
            }
    return public_events


# ------------------------------------------------------------------------------------- versions and revisions


def _public_versions(
    article: Article, public_versions: list[Version], at: datetime
) -> Iterator[DossierVersion]:
    proofs = entries_of([version.publication_id for version in public_versions])
    notes = published_notes(article.pk, at=at)
    before: StoryContent | None = None
    for version in public_versions:
        story = read_in_public(version)
        yield DossierVersion(
            number=version.number,
            live_from=version.live_from,
            sequence=proofs[version.publication_id][0],
            publication_class=str(version.publication_class),
            line=version.line,
            notes=tuple(
                DossierNote(kind=str(note.kind), text=note.text, was=note.was, now=note.now)
                for note in notes
                if note.publication_id == version.publication_id
            ),
            story=story,
            before=before,
        )
        before = story or before


def _all_versions(article: Article, at: datetime, last: int) -> Iterator[DossierVersion]:
    """Yield every version in the ledger, with what the public can read of it, if anything."""
    public = {version.publication_id: version for version in versions(article.pk, at=at)}
    rows = list(Publication.objects.live(at=at).filter(article=article).select_related("revision"))
    proofs = entries_of([row.pk for row in rows])
    rows = [row for row in rows if proofs[row.pk][0] <= last]
    rows.sort(key=lambda row: (row.live_from, row.pk))
    before: StoryContent | None = None
    for number, row in enumerate(rows, start=1):
        version = public.get(row.pk)
        story = read_in_public(version) if version is not None else None
        yield DossierVersion(
            number=number,
            live_from=row.live_from,
            sequence=proofs[row.pk][0],
            publication_class=row.publication_class,
            line=version.line if version is not None else "",
            notes=tuple(
                DossierNote(kind=note.kind, text=note.text, was=note.was, now=note.now)
                for note in row.notes.all()
            ),
            story=story,
            before=before,
            revision=row.revision.number,
            user_name=row.user_name,
            withheld=story is not None and _differs_from_revision(story, article, row.revision.number),
        )
        before = story or before


def _differs_from_revision(story: StoryContent, article: Article, revision: int) -> bool:
    whole = story_as_json(snapshot_at(article.pk, revision))
    whole["comment_requests"] = [each for each in whole["comment_requests"] if each["shown"]]
    return whole != story_as_json(story)


def _revisions(article: Article, last_entry: int) -> Iterator[DossierRevision]:
    entries = LedgerEntry.objects.filter(
        article=article, kind=EntryKind.REVISION, sequence__lte=last_entry
    ).order_by("-sequence")
    newest = entries.first()
    for first, last in chunks(1, json.loads(newest.payload)["revision"] if newest else 0, CHUNK):
        stories = snapshots_between(article.pk, first - 1, last)
        revisions = list(
            Revision.objects.filter(article=article, number__gte=first, number__lte=last).order_by("number")
        )
        sequences = _entries_of_revisions(article, revisions)
        for revision in revisions:
            yield DossierRevision(
                number=revision.number,
                user_name=revision.user_name,
                recorded_at=revision.recorded_at,
                reason=revision.reason,
                sequence=sequences.get(revision.pk, 0),
                story=stories[revision.number],
                before=stories[revision.number - 1],
            )


def _entries_of_revisions(article: Article, revisions: Iterable[Revision]) -> dict[int, int]:
    numbers = [revision.pk for revision in revisions]
    entries = LedgerEntry.objects.filter(article=article, kind=EntryKind.REVISION, event_id__in=numbers)
    return dict(entries.values_list("event_id", "sequence"))


# ------------------------------------------------------------------------------------ the desk, and pictures


def _desk(article: Article) -> list[dict[str, Any]]:
    """Return who was asked for comment, without the contacts."""
    return [
        {
            "party": asked.party,
            "asked_at": json_value(asked.request.requested_at) if asked.request else None,
            "status": asked.request.status if asked.request else "",
            "answered_at": json_value(asked.request.responded_at) if asked.request else None,
            "deadline": json_value(asked.record.deadline) if asked.record else None,
            "statement": asked.record.statement if asked.record else "",
            "terms": asked.record.terms if asked.record else "",
            "attempts": [
                {
                    "at": json_value(each.at),
                    "by": each.user_name,
                    "answered": each.answered,
                    "channel": each.channel,
                    "terms": each.terms,
                    "summary": each.summary,
                }
                for each in asked.attempts
            ],
            "decisions": [
                {"at": json_value(each.at), "by": each.user_name, "terms": each.terms, "reason": each.reason}
                for each in asked.decisions
            ],
        }
        for asked in asked_parties(article.pk)
    ]


def pictures_of(article: Article) -> set[str]:
    """Return the digests of the pictures of every revision. One query."""
    model: Any = next(model for kind, model in PART_MODELS.items() if kind is ImageBlock)
    rows = model.history.model.objects.filter(parent_id=article.pk, picture_id__isnull=False)
    return set(rows.order_by().values_list("picture_id", flat=True).distinct())


def _pictures(digests: Iterable[str]) -> tuple[DossierPicture, ...]:
    rows = Picture.objects.filter(pk__in=set(digests)).order_by("pk")
    return tuple(
        DossierPicture(
            digest=row.pk,
            format=row.format,
            open=partial(default_storage.open, row.file_name())
            if default_storage.exists(row.file_name())
            else None,
        )
        for row in rows
    )

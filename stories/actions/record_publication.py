"""Write a publication, for the actions that have decided on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stories.actions.append_entry import append_entry, write_event
from stories.actions.errors import PublishRefused
from stories.actions.people import Actor, signed
from stories.actions.write_search_text import write_search_text
from stories.domain.diff import StoryDiff, diff
from stories.domain.diff_data import Summary
from stories.domain.significance.measure import measure
from stories.domain.snapshot import ImageBlock, NoteKind, PublicStory, UpdateNote
from stories.models import (
    Article,
    Publication,
    PublicationCard,
    PublicationClass,
    PublishedNote,
    PublishedPicture,
    Revision,
    StoryAddress,
)
from stories.models.canonical import shown_digest
from stories.models.recording import append, append_all
from stories.queries.withheld import mask_of


def record_publication(
    *,
    article: Article,
    revision: Revision,
    story: PublicStory,
    base: Publication | None,
    before: PublicStory,
    user: Actor,
    publication_class: PublicationClass,
    reason: str,
    live_from: datetime,
    at: datetime,
    source: str = "",
    cause: str = "",
    change: StoryDiff | None = None,
) -> Publication:
    """Write a publication, the rows that lists are made of, and its ledger entry.

    For actions that hold the story's lock and know that it may be published then, as what. `story` is what
    the revision reads; `base` the publication that it follows, None for the first, and `before` what that
    reads; `change` what differs between the two, where the caller knows it already.
    """
    publication = Publication(
        article=article,
        revision=revision,
        base=base,
        address=_claim(article, story.slug),
        live_from=live_from,
        publication_class=publication_class,
        reason=reason,
        source=source,
        cause=cause,
        **signed(user, at),
    )
    write_event(publication)
    # A first version is all new: readers are told of changes, not of that.
    came = new_notes(story, before)
    card = _write_card(publication, story, (change or diff(before, story)) if base else None, came)
    notes = _write_notes(publication, came)
    pictures = _write_pictures(publication, story)
    write_search_text(publication, mask_of(article.pk).masked(story))
    append_entry(
        publication,
        shown=shown_digest(card, notes, pictures),
        words=(card.words_added, card.words_removed),
    )
    return publication


def new_notes(story: PublicStory, before: PublicStory) -> list[UpdateNote]:
    """The notes that a story brings to readers who know it as it was before."""
    known = {note.key for note in before.update_notes}
    return [note for note in story.update_notes if note.key not in known]


def _claim(article: Article, slug: str) -> StoryAddress:
    """The story's address, made its own for ever."""
    address = StoryAddress.objects.filter(slug=slug).first()
    if address is None:
        address = StoryAddress(slug=slug, article=article)
        try:
            with transaction.atomic():
                append(address)
        except IntegrityError:  # two stories that claim one slug in the same instant
            address = StoryAddress.objects.get(slug=slug)
    if address.article_id != article.pk:
        raise PublishRefused(
            _("The address “%(slug)s” belongs to another story, for ever. Change this story’s slug.")
            % {"slug": slug}
        )
    return address


def _write_card(
    publication: Publication, story: PublicStory, change: StoryDiff | None, came: list[UpdateNote]
) -> PublicationCard:
    summary = change.summary if change else Summary()
    # What an archive brings at first, nobody here published; what it adds later, or calls a typo, is measured.
    measured = (
        publication.publication_class != PublicationClass.IMPORTED
        or (publication.base is not None and publication.base.recorded_at != publication.recorded_at)
        or any(note.kind is NoteKind.TYPO for note in came)
    )
    card = PublicationCard(
        publication=publication,
        kind=story.kind,
        headline=story.headline,
        dek=story.dek,
        section=story.section,
        section_name=story.section_name,
        language=story.language,
        bylines=[[byline.author, byline.credited_as] for byline in story.bylines],
        # To a reader a word that was replaced is one that came and one that went.
        words_added=summary.words_added + summary.words_changed,
        words_removed=summary.words_removed + summary.words_changed,
        significance=measure(change).level if change and measured else "",
    )
    append(card)
    return card


def _write_notes(publication: Publication, notes: Iterable[UpdateNote]) -> list[PublishedNote]:
    rows = [
        PublishedNote(
            publication=publication,
            key=note.key,
            kind=note.kind,
            text=note.text,
            was=note.was,
            now=note.now,
            amends=note.amends,
        )
        for note in notes
    ]
    append_all(rows)
    return rows


def _write_pictures(publication: Publication, story: PublicStory) -> list[PublishedPicture]:
    shown = {block.picture for block in story.blocks if isinstance(block, ImageBlock) and block.picture}
    rows = [PublishedPicture(publication=publication, picture_id=digest) for digest in sorted(shown)]
    append_all(rows)
    return rows

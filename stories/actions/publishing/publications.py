"""Write a publication that an action has decided on. What is live later follows from its time alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, site_locale
from stories.actions.errors import PublishRefused
from stories.actions.publishing.published_stories import write_published_story
from stories.actions.publishing.search_text import write_search_text
from stories.actions.record.ledger import Written, write_event
from stories.domain.diff.compare import StoryDiff
from stories.domain.diff.data import Summary
from stories.domain.significance.data import Significance
from stories.domain.snapshot import ImageBlock, PublicStory, UpdateNote
from stories.models import (
    Article,
    Publication,
    PublicationCard,
    PublicationClass,
    PublishedNote,
    PublishedPicture,
    Revision,
    StoryAddress,
    StoryMask,
)
from stories.models.integrity.canonical import listing_digest
from stories.models.record.recording import append, append_all
from stories.queries.publishing.withholdings import mask_in


def record_publication(
    *,
    article: Article,
    revision: Revision,
    story: PublicStory,
    notes: Iterable[UpdateNote],
    base: Publication | None,
    change: StoryDiff | None,
    measured: Significance | None,
    user: Actor,
    publication_class: PublicationClass,
    reason: str,
    live_from: datetime,
    at: datetime,
    source: str = "",
    cause: str = "",
) -> Written[Publication]:
    """Write a publication, with the rows that lists are built from. The caller appends its ledger entry, last.

    The caller must hold the story's lock, and have decided that it may be published then, in this class. `story` is how
    the revision reads, `notes` are those new to readers; `base` is the publication that it follows, None for the first,
    `change` what differs from that, and `measured` how significant the change is, None if it was not measured.
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
        **actor_columns(user, at),
    )
    write_event(publication)
    card = _write_card(publication, story, change, measured)
    written = _write_notes(publication, notes)
    pictures = _write_pictures(publication, story)
    with site_locale():
        hidden = StoryMask.objects.filter(pk=article.pk).first()
        masked = mask_in(hidden).masked(story)
        write_search_text(publication, masked)
        write_published_story(publication, masked, mask_digest=hidden.digest if hidden else "")
    return Written(
        publication,
        listing_digest=listing_digest(card, written, pictures),
        words=(card.words_added, card.words_removed),
    )


def new_notes(story: PublicStory, before: PublicStory) -> list[UpdateNote]:
    """Return the notes of a story that readers of its previous version have not seen."""
    known = {note.key for note in before.update_notes}
    return [note for note in story.update_notes if note.key not in known]


def _claim(article: Article, slug: str) -> StoryAddress:
    """Return the story's address, claimed for good. Raises PublishRefused if another story has it."""
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
    publication: Publication, story: PublicStory, change: StoryDiff | None, measured: Significance | None
) -> PublicationCard:
    # A first version is all new, and has no changes to report.
    summary = change.summary if change else Summary()
    card = PublicationCard(
        publication=publication,
        kind=story.kind,
        headline=story.headline,
        dek=story.dek,
        section=story.section,
        section_name=story.section_name,
        language=story.language,
        bylines=[[byline.author, byline.credited_as] for byline in story.bylines],
        # A replaced word counts as one added and one removed.
        words_added=summary.words_added + summary.words_changed,
        words_removed=summary.words_removed + summary.words_changed,
        significance=measured.level if measured else "",
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
    digests = {block.picture for block in story.blocks if isinstance(block, ImageBlock) and block.picture}
    rows = [PublishedPicture(publication=publication, picture_id=digest) for digest in sorted(digests)]
    append_all(rows)
    return rows

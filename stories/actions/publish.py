"""Publish a revision: now, or at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stories.actions.append_entry import append_entry
from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_override, require_publish
from stories.actions.revise import lock
from stories.domain.diff import diff
from stories.domain.diff_data import Summary
from stories.domain.snapshot import EMPTY, ImageBlock, PublicStory, UpdateNote
from stories.models import (
    Article,
    Embargo,
    Publication,
    PublicationCard,
    PublicationClass,
    PublishedNote,
    PublishedPicture,
    Revision,
    StoryAddress,
)
from stories.models.publications import REASONED
from stories.models.recording import append
from stories.queries.snapshots import snapshot_at
from stories.queries.versions import live_publication, pending_publication

# The classes that a person may choose; the others follow from what is published.
CHOSEN: Final = tuple(PublicationClass(name) for name in REASONED)


class PublishRefused(Refused):
    """A publication that was not made; nothing was written."""


@transaction.atomic
def publish(
    *,
    article: Article,
    revision: int,
    user: Actor,
    publication_class: str = "",
    reason: str = "",
    live_from: datetime | None = None,
    at: datetime | None = None,
) -> Publication:
    """Publish revision number `revision` of an article; returns the Publication.

    `live_from` is when it goes live, now if None. The class follows from the story where it can: *first*
    where none stands, *noted* where it adds notes; else one of CHOSEN is asked for, with its reason.

    Raises PermissionDenied; PublishRefused where the revision is not there or live already, another
    publication is pending, the time is not after the live version's or under embargo, the address is
    another story's, or the class does not fit.
    """
    at = at or timezone.now()
    require_publish(user)
    if publication_class and publication_class not in CHOSEN:
        raise PublishRefused(
            _("“%(wanted)s” can’t be chosen as a class. Choose one of: %(classes)s.")
            % {"wanted": publication_class, "classes": ", ".join(str(each.label) for each in CHOSEN)}
        )
    if publication_class == PublicationClass.OVERRIDE:
        require_override(user)
    locked = lock(article)
    live_from = live_from or at
    if live_from.tzinfo is None:
        raise PublishRefused(
            _("The time to go live has no time zone. Give it one, as in 2026-01-31T09:00+00:00.")
        )
    if live_from < at:
        raise PublishRefused(_("The time to go live is past. Publish now, or choose a time to come."))
    _check_embargo(locked, live_from)
    pending = pending_publication(locked, at=at)
    if pending is not None:
        raise PublishRefused(
            _(
                "Revision %(number)s is already to go live on %(time)s. Cancel that first, then publish this one."
            )
            % {"number": pending.revision.number, "time": _time(pending.live_from)}
        )
    live = live_publication(locked, at=at)
    if live is not None and live.revision.number >= revision:
        raise PublishRefused(
            _("Revision %(live)s is live already. Make the change in a new revision, then publish that.")
            % {"live": live.revision.number}
        )
    if live is not None and live.live_from >= live_from:
        raise PublishRefused(_("A version went live this very moment. Try again."))
    revised = Revision.objects.filter(article=locked, number=revision).first()
    if revised is None:
        raise PublishRefused(_("This story has no revision %(number)s.") % {"number": revision})
    story = snapshot_at(locked.pk, revision).public()
    before = snapshot_at(locked.pk, live.revision.number).public() if live else EMPTY.public()
    reason = reason.strip()
    return record_publication(
        article=locked,
        revision=revised,
        story=story,
        base=live,
        before=before,
        user=user,
        publication_class=classify(
            publication_class, reason, first=live is None, notes=new_notes(story, before)
        ),
        reason=reason,
        live_from=live_from,
        at=at,
    )


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
) -> Publication:
    """Write a publication, the rows that lists are made of, and its ledger entry.

    For actions that hold the story's lock and know that it may be published then, as what. `story` is what
    the revision reads; `base` the publication that it follows, None for the first, and `before` what that reads.
    """
    publication = Publication(
        article=article,
        revision=revision,
        base=base,
        address=_claim(article, story.slug),
        live_from=live_from,
        publication_class=publication_class,
        reason=reason,
        user_id=user.pk,
        user_name=name_of(user),
        recorded_at=at,
    )
    append(publication)
    _write_rows(publication, story, before, new_notes(story, before))
    append_entry(publication)
    return publication


def new_notes(story: PublicStory, before: PublicStory) -> list[UpdateNote]:
    """The notes that a story brings to readers who know it as it was before."""
    known = {note.key for note in before.update_notes}
    return [note for note in story.update_notes if note.key not in known]


def classify(wanted: str, reason: str, *, first: bool, notes: Collection[UpdateNote]) -> PublicationClass:
    """The class of a publication, from what is asked for and what is published.

    Raises PublishRefused, with a sentence, where a further version neither brings a note nor says why.
    """
    if first:
        return PublicationClass.FIRST
    if notes:
        return PublicationClass.NOTED
    if not wanted:
        raise PublishRefused(
            _(
                "Readers would not be told of this change. Add an update note, or choose the class of a change "
                "that needs none and say why."
            )
        )
    if not reason:
        raise PublishRefused(_("A version without a note needs a reason. Say what changed, and why."))
    return PublicationClass(wanted)


def _check_embargo(article: Article, live_from: datetime) -> None:
    until = Embargo.objects.filter(article=article).order_by("-pk").values_list("until", flat=True).first()
    if until is not None and live_from < until:
        raise PublishRefused(
            _("This story is under embargo until %(time)s. Choose a time from then on, or lift the embargo.")
            % {"time": _time(until)}
        )


def _claim(article: Article, slug: str) -> StoryAddress:
    """The story's address, made its own for ever."""
    try:
        with transaction.atomic():
            address, _made = StoryAddress.objects.get_or_create(slug=slug, defaults={"article": article})
    except IntegrityError:  # pragma: no cover - two stories that claim one slug in the same instant
        address = StoryAddress.objects.get(slug=slug)
    if address.article_id != article.pk:
        raise PublishRefused(
            _("The address “%(slug)s” belongs to another story, for ever. Change this story’s slug.")
            % {"slug": slug}
        )
    return address


def _write_rows(
    publication: Publication, story: PublicStory, before: PublicStory, notes: Collection[UpdateNote]
) -> None:
    # A first version is all new: readers are told of changes, not of that.
    measured = diff(before, story).summary if publication.base_id else Summary()
    PublicationCard.objects.create(
        publication=publication,
        kind=story.kind,
        headline=story.headline,
        dek=story.dek,
        section=story.section,
        section_name=story.section_name,
        language=story.language,
        bylines=[[byline.author, byline.credited_as] for byline in story.bylines],
        # To a reader a word that was replaced is one that came and one that went.
        words_added=measured.words_added + measured.words_changed,
        words_removed=measured.words_removed + measured.words_changed,
    )
    PublishedNote.objects.bulk_create(
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
    )
    pictures = {block.picture for block in story.blocks if isinstance(block, ImageBlock) and block.picture}
    PublishedPicture.objects.bulk_create(
        PublishedPicture(publication=publication, picture_id=digest) for digest in sorted(pictures)
    )


def _time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") + f" {timezone.localtime(moment):%Z}"

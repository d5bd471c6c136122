"""Publish a revision, now or at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from stories.actions.actors import Actor, site_text
from stories.actions.editing.clean import clean_story
from stories.actions.errors import PublishRefused
from stories.actions.publishing.announcement import Announcement, require_announcement
from stories.actions.publishing.checks import check_time, require_publishable
from stories.actions.publishing.embargoes import new_embargo
from stories.actions.publishing.publishing_session import publishing_session, with_notes
from stories.actions.publishing.review_requests import ReviewOutcome, notify_writers
from stories.domain.snapshot import EMPTY, StorySnapshot, UpdateNote
from stories.models import Article, Publication, Revision
from stories.queries.publishing.review_requests import open_offer
from stories.queries.story.snapshots import latest_revision, snapshot_at, snapshot_pair


def publish(
    *,
    article: Article,
    revision: int,
    user: Actor,
    notes: Sequence[UpdateNote] = (),
    publication_class: str = "",
    reason: str = "",
    source: str = "",
    cause: str = "",
    live_from: datetime | None = None,
    pending: str = "",
    promised: str = "",
    at: datetime | None = None,
) -> Publication:
    """Publish revision number `revision` of an article; return the Publication.

    `notes` are added to the story first, as a revision of its own: one text serves as note, reason and line of history.
    `live_from` is when it goes live, now if None. The class follows from the story if it can (*first*, *noted*);
    otherwise `publication_class` is one of CHOOSABLE_CLASSES, with its `reason` and, for a transcription, the `source`
    checked. `cause` says whether we were wrong or the world moved on, if a figure, a name or an attribution changed.
    `pending` says what to do with a scheduled publication: "cancel" or "rebase". `promised` says to whom it was
    promised that the story stays under embargo until it goes live, "" for no embargo.

    Raises PermissionDenied; PublishRefused if the revision does not exist or is live already, another publication is
    pending and `pending` is empty, the time is not after the live version's or is under embargo, the address is another
    story's, the story is withdrawn, or readers would not be told what they are owed.
    """
    announcement = Announcement(
        notes=tuple(notes), publication_class=publication_class, reason=reason, source=source, cause=cause
    ).normalized()
    with publishing_session(article, user=user, at=at) as session:
        locked, at = session.article, session.at
        require_announcement(user, locked, announcement)
        live_from = live_from or at
        check_time(locked, live_from=live_from, at=at)
        live, waiting = require_publishable(locked, live_from=live_from, at=at, pending_choice=pending)
        if live is not None and live.revision.number >= revision:
            raise PublishRefused(
                _("Revision %(live)s is live already. Make the change in a new revision, then publish that.")
                % {"live": live.revision.number}
            )
        revised = Revision.objects.filter(article=locked, number=revision).first()
        if revised is None:
            raise PublishRefused(_("This story has no revision %(number)s.") % {"number": revision})
        if waiting is not None:
            session.cancel(
                waiting,
                reason=announcement.reason or site_text(lambda: _("Overtaken by another publication")),
            )
        offer = open_offer(locked)
        before, story = _live_and_revision(locked, live, revision)
        if announcement.notes:
            unnoted, story = story, clean_story(with_notes(story, announcement), story, locked)
            revised = session.save(
                story,
                edits_base=unnoted,
                reason=announcement.reason,
                reapply_reason=site_text(
                    lambda: _("Edits that wait, on top of the version that has just gone live")
                ),
                source_revision=revision if latest_revision(locked.pk) > revision else None,
            )
        publication = session.publish(
            revised, story, base=live, before=before, announcement=announcement, live_from=live_from
        )
        if waiting is not None and pending == "rebase":
            session.rebase(waiting, onto=publication, now_live=story)
        if promised:
            session.record(new_embargo(locked, until=live_from, user=user, reason=promised, at=at))
        if offer is not None and offer.revision.number <= revision:
            notify_writers(
                offer, user, ReviewOutcome.PUBLISHED if live_from <= at else ReviewOutcome.SCHEDULED
            )
        return publication


def _live_and_revision(
    article: Article, live: Publication | None, revision: int
) -> tuple[StorySnapshot, StorySnapshot]:
    """Return how the live version reads, and how the revision reads."""
    if live is None:
        return EMPTY, snapshot_at(article.pk, revision)
    return snapshot_pair(article.pk, live.revision.number, revision)

"""Fix what is live, whatever waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.actions.editing.clean import check_published_notes, clean_story
from stories.actions.editing.revise import refuse_erased
from stories.actions.errors import MergeConflict, PublishRefused, Refused
from stories.actions.publishing.announcement import Announcement, require_announcement
from stories.actions.publishing.checks import check_standing, check_time
from stories.actions.publishing.publishing_session import PublishingSession, publishing_session, with_notes
from stories.domain.merge.merge import merge
from stories.domain.snapshot import StorySnapshot, UpdateNote
from stories.models import Article, Publication, Revision
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.queries.takedown.erasures import newest_erasure


def fix(
    *,
    article: Article,
    story: StorySnapshot,
    base: int,
    user: Actor,
    notes: Sequence[UpdateNote] = (),
    publication_class: str = "",
    reason: str = "",
    source: str = "",
    cause: str = "",
    pending: str = "",
    at: datetime | None = None,
) -> Publication:
    """Publish the live version with a fix, at once, and put the edits that wait back on top; returns the Publication.

    `story` is the live version as it should read, `base` the number of the live revision that its author saw.
    What is said of the change is as in `publish`. Where the fix and the waiting edits touch the same words,
    the waiting text stays, and its revision says where to look.

    Raises PermissionDenied, StoryInvalid, PublishRefused, MergeConflict (another version went live since and
    touches the same words), ErasedSince (something was erased since `story` was read), Refused (nothing is live, or
    nothing changed).
    """
    announcement = Announcement(
        notes=tuple(notes), publication_class=publication_class, reason=reason, source=source, cause=cause
    ).settled()
    require_announcement(user, announcement)
    with publishing_session(article, user=user, at=at) as session:
        return fix_live(session, story=story, base=base, announcement=announcement, pending=pending)


def fix_live(
    session: PublishingSession, *, story: StorySnapshot, base: int, announcement: Announcement, pending: str
) -> Publication:
    """Publish the live version with a fix, in a session that its caller has opened; returns the Publication.

    The caller has asked who may say so. All else is as in `fix`.
    """
    article, at = session.article, session.at
    refuse_erased(story, newest_erasure(article.pk))
    check_time(article, live_from=at, at=at, embargoed=False)
    live, waiting = check_standing(article, live_from=at, at=at, pending_choice=pending)
    if live is None:
        raise Refused(_("Nothing of this story is live, so there is nothing to fix. Publish it instead."))
    now_live = snapshot_at(article.pk, live.revision.number)
    wanted = _fixed(article, story, base, now_live, live, announcement)
    if wanted == now_live:
        raise PublishRefused(_("Nothing differs from what is live, so nothing was published."))
    check_published_notes(article, wanted, now_live)
    waits = latest_revision(article.pk) > live.revision.number
    if waiting is not None:
        session.cancel(waiting, reason=announcement.reason or _("Overtaken by a fix of what is live"))
    revision = session.save(
        wanted,
        below=now_live,
        reason=announcement.reason,
        on_top=_("Edits that wait, on top of a fix of what is live"),
        source_revision=live.revision.number if waits else None,
    )
    publication = session.publish(
        revision, wanted, base=live, before=now_live, announcement=announcement, live_from=at
    )
    if waiting is not None and pending == "rebase":
        session.rebase(waiting, onto=publication, now_live=wanted)
    return publication


def _fixed(
    article: Article,
    story: StorySnapshot,
    base: int,
    now_live: StorySnapshot,
    live: Publication,
    announcement: Announcement,
) -> StorySnapshot:
    """What is live with the fix and its notes in it, also if another version went live since the fix was begun."""
    if base == live.revision.number:
        return clean_story(with_notes(story, announcement), now_live, article)
    try:
        began = snapshot_at(article.pk, base)
    except Revision.DoesNotExist as missing:
        raise Refused(_("This story has no revision %(number)s.") % {"number": base}) from missing
    merged = merge(began, clean_story(story, began, article), now_live)
    if merged.conflicts:
        raise MergeConflict(merged.conflicts)
    return clean_story(with_notes(merged.story, announcement), now_live, article)

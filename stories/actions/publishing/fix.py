"""Fix the live version, independently of unpublished edits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from stories.actions.actors import Actor, site_text
from stories.actions.editing.clean import check_published_notes, clean_story
from stories.actions.editing.revise import refuse_erased
from stories.actions.errors import MergeConflict, PublishRefused, Refused
from stories.actions.publishing.announcement import Announcement, require_announcement
from stories.actions.publishing.checks import check_time, require_publishable
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
    """Publish the live version with a fix, at once, and reapply unpublished edits on top; return the Publication.

    `story` is the live version as it should read, `base` the number of the live revision that its author saw. The
    announcement is as in `publish`. If the fix and the unpublished edits change the same words, the edits win, and
    their revision says where to look.

    Raises PermissionDenied, StoryInvalid, PublishRefused, MergeConflict (another version went live since and changes
    the same words), ErasedSince (something was erased since `story` was read), Refused (nothing is live, or nothing
    changed).
    """
    announcement = Announcement(
        notes=tuple(notes), publication_class=publication_class, reason=reason, source=source, cause=cause
    ).normalized()
    with publishing_session(article, user=user, at=at) as session:
        require_announcement(user, session.article, announcement)
        return fix_live(session, story=story, base=base, announcement=announcement, pending=pending)


def fix_live(
    session: PublishingSession, *, story: StorySnapshot, base: int, announcement: Announcement, pending: str
) -> Publication:
    """Publish the live version with a fix, in an open session; return the Publication.

    The caller has checked the permission and the announcement. Everything else is as in `fix`.
    """
    article, at = session.article, session.at
    refuse_erased(story, newest_erasure(article.pk))
    check_time(article, live_from=at, at=at, embargoed=False)
    live, waiting = require_publishable(article, live_from=at, at=at, pending_choice=pending)
    if live is None:
        raise Refused(_("Nothing of this story is live, so there is nothing to fix. Publish it instead."))
    now_live = snapshot_at(article.pk, live.revision.number)
    fixed = _apply_fix(article, story, base, now_live, live, announcement)
    if fixed == now_live:
        raise PublishRefused(_("Nothing differs from what is live, so nothing was published."))
    check_published_notes(article, fixed, now_live)
    waits = latest_revision(article.pk) > live.revision.number
    if waiting is not None:
        session.cancel(
            waiting,
            reason=announcement.reason or site_text(lambda: _("Overtaken by a fix of what is live")),
        )
    revision = session.save(
        fixed,
        edits_base=now_live,
        reason=announcement.reason,
        reapply_reason=site_text(lambda: _("Edits that wait, on top of a fix of what is live")),
        source_revision=live.revision.number if waits else None,
    )
    publication = session.publish(
        revision, fixed, base=live, before=now_live, announcement=announcement, live_from=at
    )
    if waiting is not None and pending == "rebase":
        session.rebase(waiting, onto=publication, now_live=fixed)
    return publication


def _apply_fix(
    article: Article,
    story: StorySnapshot,
    base: int,
    now_live: StorySnapshot,
    live: Publication,
    announcement: Announcement,
) -> StorySnapshot:
    """Return the live version with the fix and its notes, merged if a newer version went live meanwhile."""
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

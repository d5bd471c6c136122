"""Fix what is live, whatever waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.announcement import Announcement, require_announcement
from stories.actions.cancel import record_cancellation
from stories.actions.errors import MergeConflict, PublishRefused, Refused
from stories.actions.people import Actor
from stories.actions.put_live import Desk, check_standing, check_time, with_notes
from stories.actions.revise import lock, refuse_erased
from stories.actions.settle import check_published_notes, settle
from stories.domain.merge import merge
from stories.domain.snapshot import StorySnapshot, UpdateNote
from stories.models import Article, Publication, Revision
from stories.queries.erasures import newest_erasure
from stories.queries.snapshots import latest_revision, snapshot_at


@transaction.atomic
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
    locked = lock(article)
    refuse_erased(story, newest_erasure(locked.pk))
    at = at or timezone.now()
    check_time(locked, live_from=at, at=at, embargoed=False)
    live, waiting = check_standing(locked, live_from=at, at=at, pending_choice=pending)
    if live is None:
        raise Refused(_("Nothing of this story is live, so there is nothing to fix. Publish it instead."))
    now_live = snapshot_at(locked.pk, live.revision.number)
    fixed = _fixed(locked, story, base, now_live, live)
    if fixed == now_live and not notes:
        raise PublishRefused(_("Nothing differs from what is live, so nothing was published."))
    wanted = with_notes(fixed, announcement)
    check_published_notes(locked, wanted, now_live)
    desk = Desk(article=locked, user=user, at=at)
    waits = latest_revision(locked.pk) > live.revision.number
    if waiting is not None:
        overtaken = announcement.reason or _("Overtaken by a fix of what is live")
        record_cancellation(article=locked, publication=waiting, reason=overtaken, user=user, at=at)
    revised, reads = desk.save(
        wanted,
        below=now_live,
        reason=announcement.reason,
        on_top=_("Edits that wait, on top of a fix of what is live"),
        taken_from=live.revision.number if waits else None,
    )
    publication = desk.publish(
        revised, reads, base=live, before=now_live, announcement=announcement, live_from=at
    )
    if waiting is not None and pending == "rebase":
        desk.rebase(waiting, onto=publication, now_live=reads)
    return publication


def _fixed(
    article: Article, story: StorySnapshot, base: int, now_live: StorySnapshot, live: Publication
) -> StorySnapshot:
    """What is live with the fix in it, also where another version went live since the fix was begun."""
    if base == live.revision.number:
        return settle(story, now_live, article)
    try:
        began = snapshot_at(article.pk, base)
    except Revision.DoesNotExist as missing:
        raise Refused(_("This story has no revision %(number)s.") % {"number": base}) from missing
    merged = merge(began, settle(story, began, article), now_live)
    if merged.conflicts:
        raise MergeConflict(merged.conflicts)
    return settle(merged.story, now_live, article)

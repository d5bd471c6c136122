"""Switch a story's developing mode on, extend it, or end it with one note that sums up the changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_publish
from stories.actions.publishing.announcement import Announcement, require_announcement
from stories.actions.publishing.fix import fix_live
from stories.actions.publishing.publishing_session import publishing_session
from stories.actions.record.ledger import record
from stories.actions.times import current_time
from stories.domain.snapshot import UpdateNote
from stories.models import Article, DevelopingMode, Publication
from stories.models.developing_mode import ENDS_BY_ITSELF_AFTER
from stories.queries.publishing.developing_mode import is_developing, owes_summary
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import snapshot_at


@transaction.atomic
def start_developing(
    *,
    article: Article,
    user: Actor,
    until: datetime | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> DevelopingMode:
    """Show readers that a story is developing, until a time; return the DevelopingMode.

    `until` is six hours from now if None, and no later than that: whoever needs longer extends it, and so looks at the
    story again. Raises PermissionDenied; Refused for a time that is past or too late.
    """
    locked = lock(article)
    require_publish(user, locked)
    at = at or current_time()
    if owes_summary(locked.pk) and not is_developing(locked.pk, at=at):
        raise Refused(
            _(
                "The story still needs the closing summary of the last time. Write it first, then switch the "
                "mode on again."
            )
        )
    until = until or at + ENDS_BY_ITSELF_AFTER
    if until.tzinfo is None or not at < until <= at + ENDS_BY_ITSELF_AFTER:
        raise Refused(
            _("Developing mode ends within six hours. Choose a time before then; it can be extended.")
        )
    mode = DevelopingMode(article=locked, until=until, reason=reason.strip(), **actor_columns(user, at))
    record(mode)
    return mode


def end_developing(
    *, article: Article, note: UpdateNote, user: Actor, pending: str = "", at: datetime | None = None
) -> Publication:
    """End developing mode and publish the live version with a note that sums it up; return the Publication.

    Also for a mode that expired, whose summary is still owed. `pending` is as in `publish`. Raises PermissionDenied;
    Refused if no summary is owed or nothing is live; and what `fix` raises.
    """
    announcement = Announcement(notes=(note,)).normalized()
    with publishing_session(article, user=user, at=at) as session:
        locked = session.article
        require_announcement(user, locked, announcement)
        live = live_publication(locked, at=session.at)
        if live is None:
            raise Refused(_("Nothing of this story is live, so there is nothing to sum up."))
        if not owes_summary(locked.pk):
            raise Refused(_("Developing mode is off for this story, and its summary is written."))
        session.record(
            DevelopingMode(
                article=locked, until=None, reason=note.text.strip(), **actor_columns(user, session.at)
            )
        )
        return fix_live(
            session,
            story=snapshot_at(locked.pk, live.revision.number),
            base=live.revision.number,
            announcement=announcement,
            pending=pending,
        )

"""Switch developing mode off, with one note that sums up what it brought."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.fix import fix
from stories.actions.people import Actor, require_publish
from stories.actions.revise import lock
from stories.actions.start_developing import record_mode
from stories.domain.snapshot import UpdateNote
from stories.models import Article, Publication
from stories.queries.developing_mode import owes_summary
from stories.queries.snapshots import snapshot_at
from stories.queries.versions import live_publication


@transaction.atomic
def end_developing(
    *, article: Article, note: UpdateNote, user: Actor, pending: str = "", at: datetime | None = None
) -> Publication:
    """End developing mode and publish what is live with a note that sums it up; returns the Publication.

    Also for a mode that ended by itself, whose summary is still owed. `pending` is as in `publish`. Raises
    PermissionDenied; Refused where no summary is owed or nothing is live; and what `fix` raises.
    """
    require_publish(user)
    locked = lock(article)
    at = at or timezone.now()
    live = live_publication(locked, at=at)
    if live is None:
        raise Refused(_("Nothing of this story is live, so there is nothing to sum up."))
    if not owes_summary(locked.pk):
        raise Refused(_("Developing mode is off for this story, and its summary is written."))
    record_mode(article=locked, until=None, user=user, reason=note.text, at=at)
    return fix(
        article=locked,
        story=snapshot_at(locked.pk, live.revision.number),
        base=live.revision.number,
        user=user,
        notes=(note,),
        pending=pending,
        at=at,
    )

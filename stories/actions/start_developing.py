"""Switch developing mode on for a story, or on for longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import record
from stories.actions.errors import Refused
from stories.actions.people import Actor, require_publish, signed
from stories.actions.revise import lock
from stories.models import Article, DevelopingMode
from stories.models.developing_mode import ENDS_BY_ITSELF_AFTER
from stories.queries.developing_mode import is_developing, owes_summary


@transaction.atomic
def start_developing(
    *,
    article: Article,
    user: Actor,
    until: datetime | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> DevelopingMode:
    """Tell readers that a story is developing, until a time; returns the DevelopingMode.

    `until` is six hours from now if None, and no further away than that: who needs longer extends it, and so
    still looks at it. Raises PermissionDenied; Refused for a time that is past or too far.
    """
    require_publish(user)
    locked = lock(article)
    at = at or timezone.now()
    if owes_summary(locked.pk) and not is_developing(locked.pk, at=at):
        raise Refused(
            _("The summary of the last time is still owed. Write it first, then switch the mode on again.")
        )
    until = until or at + ENDS_BY_ITSELF_AFTER
    if until.tzinfo is None or not at < until <= at + ENDS_BY_ITSELF_AFTER:
        raise Refused(
            _("Developing mode ends within six hours. Choose a time before then; it can be extended.")
        )
    return record_mode(article=locked, until=until, user=user, reason=reason, at=at)


def record_mode(
    *, article: Article, until: datetime | None, user: Actor, reason: str, at: datetime
) -> DevelopingMode:
    """Write until when a story is developing (None: no longer), for who holds its lock."""
    mode = DevelopingMode(
        article=article,
        until=until,
        reason=reason.strip(),
        **signed(user, at),
    )
    record(mode)
    return mode

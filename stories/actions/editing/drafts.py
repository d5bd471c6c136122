"""Discard a draft, or recover it. The record retains every word of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_edit
from stories.actions.record.ledger import record
from stories.actions.times import current_time
from stories.models import Article, Discard, Publication
from stories.queries.publishing.withdrawals import is_discarded


@transaction.atomic
def discard(*, article: Article, user: Actor, reason: str = "", at: datetime | None = None) -> Discard:
    """Discard a draft that was never published; return the Discard.

    Raises PermissionDenied; Refused if the story is published, scheduled or discarded already.
    """
    locked = lock(article)
    require_edit(user, locked)
    if Publication.objects.not_cancelled().filter(article=locked).exists():
        raise Refused(_("This story was published, or is to be. It can be withdrawn, never deleted."))
    if is_discarded(locked.pk):
        raise Refused(_("This draft is discarded already."))
    return _record(locked, discarded=True, user=user, reason=reason, at=at or current_time())


@transaction.atomic
def recover(*, article: Article, user: Actor, reason: str = "", at: datetime | None = None) -> Discard:
    """Recover a discarded draft; return the Discard that records it.

    Raises PermissionDenied; Refused if it is not discarded.
    """
    locked = lock(article)
    require_edit(user, locked)
    if not is_discarded(locked.pk):
        raise Refused(_("This draft is not discarded."))
    return _record(locked, discarded=False, user=user, reason=reason, at=at or current_time())


def _record(article: Article, *, discarded: bool, user: Actor, reason: str, at: datetime) -> Discard:
    row = Discard(
        article=article,
        discarded=discarded,
        reason=reason.strip(),
        **actor_columns(user, at),
    )
    record(row)
    return row

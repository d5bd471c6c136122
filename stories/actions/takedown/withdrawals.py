"""Withdraw a published story, or reinstate it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_withdraw
from stories.actions.publishing.published_stories import refresh_published_stories
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.record.replicas import applied_on_replicas
from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.models import Article, Publication, Withdrawal
from stories.queries.publishing.versions import pending_publication
from stories.queries.publishing.withdrawals import withdrawal_in_force


@applied_on_replicas()
def withdraw(
    *, article: Article, user: Actor, notice: str, reason: str, at: datetime | None = None
) -> Withdrawal:
    """Withdraw a story with all its versions; return the Withdrawal.

    `notice` is what readers find at its addresses instead; `reason` is internal. Raises PermissionDenied; Refused
    without either, if the story was never live, or if it is withdrawn already.
    """
    locked = lock(article)
    require_withdraw(user, locked)
    at = at or current_time()
    require_reason(notice, _("Write the notice that readers find instead of the story."))
    require_reason(reason, _("Say why the story is withdrawn. Readers don’t see this."))
    if withdrawal_in_force(locked.pk) is not None:
        raise Refused(_("This story is withdrawn already."))
    if pending_publication(locked, at=at) is not None:
        raise Refused(_("A further version is to go live. Cancel it first, then withdraw the story."))
    if not Publication.objects.live(at=at).filter(article=locked).exists():
        raise Refused(_("This story was never live. Cancel what is pending, or discard the draft."))
    return record_withdrawal(article=locked, withdrawn=True, notice=notice, reason=reason, user=user, at=at)


def record_withdrawal(
    *, article: Article, withdrawn: bool, notice: str, reason: str, user: Actor, at: datetime
) -> Withdrawal:
    """Write a withdrawal or a reinstatement. The caller must hold the story's lock."""
    withdrawal = Withdrawal(
        article=article,
        withdrawn=withdrawn,
        notice=notice.strip(),
        reason=reason.strip(),
        **actor_columns(user, at),
    )
    written = write_event(withdrawal)
    if not withdrawn:
        refresh_published_stories(article.pk)
    invalidate_stale_copies()
    append_entries(written)
    return withdrawal


@transaction.atomic
def reinstate(*, article: Article, user: Actor, reason: str, at: datetime | None = None) -> Withdrawal:
    """Reinstate a withdrawn story with all its versions; return the Withdrawal that records it.

    Raises PermissionDenied; Refused without a reason, or if the story is not withdrawn.
    """
    locked = lock(article)
    require_withdraw(user, locked)
    at = at or current_time()
    require_reason(reason, _("Say why the story comes back. Readers don’t see this."))
    if withdrawal_in_force(locked.pk) is None:
        raise Refused(_("This story is not withdrawn."))
    return record_withdrawal(article=locked, withdrawn=False, notice="", reason=reason, user=user, at=at)

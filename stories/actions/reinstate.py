"""Bring a withdrawn story back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_withdraw
from stories.actions.revise import lock
from stories.actions.sentences import require_reason
from stories.actions.withdraw import record_withdrawal
from stories.models import Article, Withdrawal
from stories.queries.publishing.withdrawals import standing_withdrawal


@transaction.atomic
def reinstate(*, article: Article, user: Actor, reason: str, at: datetime | None = None) -> Withdrawal:
    """Bring a withdrawn story back, with every version it had; returns the Withdrawal that says so.

    Raises PermissionDenied; Refused without a reason, or where the story is not withdrawn.
    """
    require_withdraw(user)
    locked = lock(article)
    at = at or timezone.now()
    require_reason(reason, _("Say why the story comes back. Readers don’t see this."))
    if standing_withdrawal(locked.pk) is None:
        raise Refused(_("This story is not withdrawn."))
    return record_withdrawal(article=locked, withdrawn=False, notice="", reason=reason, user=user, at=at)

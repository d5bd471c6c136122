"""Sign an entry of the ledger off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_audit, signed
from stories.actions.record.ledger import record
from stories.actions.revise import lock
from stories.models import LedgerEntry, SignOff


@transaction.atomic
def sign_off(*, entry: LedgerEntry, user: Actor, reason: str = "", at: datetime | None = None) -> SignOff:
    """Say that an entry is in order, with a remark (`reason`) where there is one; returns the SignOff.

    Raises PermissionDenied; Refused for what somebody did themselves, and for what they have signed off already.
    """
    require_audit(user)
    if entry.article is not None:
        lock(entry.article)
    if user.pk is not None and entry.user_id == user.pk:
        raise Refused(_("You made this entry yourself. Another auditor has to sign it off."))
    if SignOff.objects.filter(entry=entry, user_id=user.pk).exists():
        raise Refused(_("You have signed entry %(entry)s off already.") % {"entry": entry.pk})
    signed_off = SignOff(
        article=entry.article, entry=entry, reason=reason, **signed(user, at or timezone.now())
    )
    record(signed_off)
    return signed_off

"""Take a story back from an outside auditor before the time is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_giving_out, signed
from stories.actions.record.ledger import record
from stories.actions.revise import lock
from stories.models import Article, AuditAccess
from stories.queries.dossier.access import access_of


@transaction.atomic
def end_access(
    *, article: Article, auditor_id: int, user: Actor, reason: str = "", at: datetime | None = None
) -> AuditAccess:
    """End what an outside auditor sees of a story; returns the AuditAccess that says so.

    `auditor_id` is the number of an account that may be gone. Raises PermissionDenied; Refused where it is over.
    """
    at = at or timezone.now()
    require_giving_out(user)
    locked = lock(article)
    access = access_of(auditor_id, locked.pk, at=at)
    if access is None:
        raise Refused(_("They can’t see this story any more. Nothing was changed."))
    ended = AuditAccess(
        article=locked,
        auditor_id=auditor_id,
        auditor_name=access.auditor_name,
        until=None,
        full=False,
        reason=reason.strip(),
        **signed(user, at),
    )
    record(ended)
    return ended

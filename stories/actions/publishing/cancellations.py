"""Cancel a publication before it goes live."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_publish
from stories.actions.record.ledger import record
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.models import Cancellation, Publication

# A version must not go live between reading the clock and the end of the transaction.
MARGIN = timedelta(seconds=5)


@transaction.atomic
def cancel(*, publication: Publication, user: Actor, reason: str, at: datetime | None = None) -> Cancellation:
    """Cancel a publication that has not gone live; return the Cancellation.

    Raises PermissionDenied; Refused without a reason, or if it is live or cancelled already.
    """
    article = lock(publication.article)
    require_publish(user, article)
    at = at or current_time()
    require_reason(reason, _("Say why this publication is cancelled."))
    if publication.live_from <= at + MARGIN:
        raise Refused(
            _(
                "This version is live, or about to be, so it can’t be cancelled. Publish a further "
                "version instead."
            )
        )
    if Cancellation.objects.filter(publication=publication).exists():
        raise Refused(_("This publication was cancelled already."))
    cancellation = Cancellation(
        article=article, publication=publication, reason=reason.strip(), **actor_columns(user, at)
    )
    record(cancellation)
    return cancellation

"""Cancel a publication before it goes live."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import record
from stories.actions.errors import Refused
from stories.actions.people import Actor, require_publish, signed
from stories.actions.revise import lock
from stories.actions.sentences import require_reason
from stories.models import Article, Cancellation, Publication

# A version must not go live between the look at the clock and the end of the transaction.
MARGIN = timedelta(seconds=5)


@transaction.atomic
def cancel(*, publication: Publication, user: Actor, reason: str, at: datetime | None = None) -> Cancellation:
    """Take back a publication that has not gone live; returns the Cancellation.

    Raises PermissionDenied; Refused without a reason, where it is live already, or cancelled before.
    """
    require_publish(user)
    article = lock(publication.article)
    at = at or timezone.now()
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
    return record_cancellation(
        article=article, publication=publication, reason=reason.strip(), user=user, at=at
    )


def record_cancellation(
    *, article: Article, publication: Publication, reason: str, user: Actor, at: datetime
) -> Cancellation:
    """Write that a publication is cancelled, for who holds its story's lock and knows that it may be."""
    cancellation = Cancellation(article=article, publication=publication, reason=reason, **signed(user, at))
    record(cancellation)
    return cancellation

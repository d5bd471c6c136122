"""Cancel a publication before it goes live."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.append_entry import append_entry
from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_publish
from stories.actions.revise import lock
from stories.models import Cancellation, Publication
from stories.models.recording import append


@transaction.atomic
def cancel(*, publication: Publication, user: Actor, reason: str, at: datetime | None = None) -> Cancellation:
    """Take back a publication that has not gone live; returns the Cancellation.

    Raises PermissionDenied; Refused without a reason, where it is live already, or cancelled before.
    """
    at = at or timezone.now()
    require_publish(user)
    article = lock(publication.article)
    if not reason.strip():
        raise Refused(_("Say why this publication is cancelled."))
    if publication.live_from <= at:
        raise Refused(_("This version is live, so it can’t be cancelled. Publish a further version instead."))
    if Cancellation.objects.filter(publication=publication).exists():
        raise Refused(_("This publication was cancelled already."))
    cancellation = Cancellation(
        article=article,
        publication=publication,
        reason=reason.strip(),
        user_id=user.pk,
        user_name=name_of(user),
        recorded_at=at,
    )
    append(cancellation)
    append_entry(cancellation)
    return cancellation

"""Log one try at reaching a party."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from stories.actions.people import Actor, name_of, require_edit
from stories.models import ContactAttempt, DeskRecord


@transaction.atomic
def log_attempt(
    *, record: DeskRecord, user: Actor, at: datetime, channel: str, terms: str, summary: str = ""
) -> ContactAttempt:
    """Log that a party was tried at a time, by a channel, on terms; returns the attempt.

    Raises PermissionDenied; ValidationError for a channel or terms that are not there, and for a summary of
    what was off the record.
    """
    require_edit(user, record.article)
    attempt = ContactAttempt(
        record=record,
        at=at,
        channel=channel,
        terms=terms,
        summary=summary.strip(),
        user_id=user.pk,
        user_name=name_of(user),
    )
    attempt.full_clean()
    attempt.save()
    return attempt

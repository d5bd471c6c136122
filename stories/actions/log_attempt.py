"""Log one try at reaching a party, or one time that they answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_desk_work
from stories.actions.revise import lock
from stories.actions.tell_desk import News, tell_desk
from stories.actions.times import require_plausible
from stories.models import ContactAttempt, DeskRecord, Terms

# What they said on these terms may be disputed afterwards.
USABLE = frozenset({Terms.ON_THE_RECORD.value, Terms.BACKGROUND.value})


@transaction.atomic
def log_attempt(
    *,
    record: DeskRecord,
    user: Actor,
    at: datetime,
    channel: str,
    terms: str,
    summary: str = "",
    answered: bool = False,
) -> ContactAttempt:
    """Log that a party was tried (or `answered`) at a time, by a channel, on terms; returns the attempt.

    The same attempt by the same person is logged once, however often it is sent. *Disputed* terms make the record's
    terms so, until an editor decides. Who has the story, and the desk, hear of it.

    Raises PermissionDenied; Refused for a dispute over nothing; ValidationError for a channel or terms that are
    not there, and for a summary of what was off the record.
    """
    locked = lock(record.article)
    require_desk_work(user, locked)
    stored = DeskRecord.objects.get(pk=record.pk)
    attempt = note_contact(
        stored, user=user, at=at, channel=channel, terms=terms, summary=summary, answered=answered
    )
    if attempt.terms == Terms.DISPUTED:
        dispute(stored)
    return attempt


def note_contact(
    record: DeskRecord, *, user: Actor, at: datetime, channel: str, terms: str, summary: str, answered: bool
) -> ContactAttempt:
    """Log an attempt, for actions that hold the story's lock and have asked who may."""
    require_plausible(at, at=timezone.now())
    said = {"at": at, "channel": channel, "terms": terms, "summary": summary.strip(), "answered": answered}
    present = ContactAttempt.objects.filter(record=record, user_id=user.pk, **said).first()
    if present is not None:
        return present
    attempt = ContactAttempt(record=record, user_id=user.pk, user_name=name_of(user), **said)
    attempt.full_clean()
    attempt.save()
    tell_desk(record, user, News.ANSWER if answered else News.ATTEMPT)
    return attempt


def dispute(record: DeskRecord) -> None:
    """Make a record's terms disputed: what they said stays here, and can't be used before an editor decides."""
    if record.terms == Terms.DISPUTED:
        return
    if record.terms not in USABLE:
        raise Refused(
            _(
                "Nothing that this party said on the record is kept here, so its terms can’t be disputed. If they "
                "speak off the record now, log that instead."
            )
        )
    record.terms = Terms.DISPUTED.value
    record.save()

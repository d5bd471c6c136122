"""Keep what the desk needs beside a comment request: deadline, contact, statement."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, name_of
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_desk_work, require_terms_decision
from stories.actions.texts import clean_text, require_reason
from stories.actions.times import require_plausible
from stories.models import Article, CommentRequest, ContactAttempt, DeskRecord, Terms, TermsDecision


class Kept(Enum):
    """What is not said, stays."""

    AS_IT_IS = "as it is"


AS_IT_IS: Final = Kept.AS_IT_IS


class KeepRefused(Refused):
    """A desk record that somebody else saved since it was opened; `record` is theirs."""

    def __init__(self, record: DeskRecord | None) -> None:
        self.record = record
        super().__init__(
            _(
                "Somebody else saved this record since you opened it. Nothing of yours was saved, and what you typed "
                "is kept. Take over what should stay of theirs, then save again."
            )
        )


def reading(record: DeskRecord | None) -> str:
    """A record's deadline and contact, as a short text that changes with them; "" where there is none."""
    if record is None:
        return ""
    deadline = record.deadline.timestamp() if record.deadline else None
    said = json.dumps([deadline, record.contact])
    return sha256(said.encode()).hexdigest()


@transaction.atomic
def keep_desk_record(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    deadline: datetime | Kept | None = AS_IT_IS,
    contact: str | Kept = AS_IT_IS,
    statement: str | Kept = AS_IT_IS,
    seen: str | None = None,
) -> DeskRecord:
    """Make or change the desk's record of a request; returns it. Never part of a revision.

    What is not given stays. `seen` is the `reading` of the record that its editor started from; None replaces
    whatever is there. A record that is there is kept on, too, when its request has left the story. Who has the story,
    and the desk, hear of a deadline that moves.

    Raises PermissionDenied; KeepRefused where somebody saved the record since; Refused where the article has
    neither such a request nor a record of it; ValidationError for a bad value.
    """
    # The story's lock serves its records: of two that begin at once, the second finds the first.
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    if seen is not None and seen != reading(record if record.pk else None):
        raise KeepRefused(record if record.pk else None)
    moves = deadline is not AS_IT_IS and deadline != record.deadline
    if moves and isinstance(deadline, datetime):
        require_plausible(deadline, at=timezone.now())
    if deadline is not AS_IT_IS:
        record.deadline = deadline
    if contact is not AS_IT_IS:
        record.contact = contact
    if statement is not AS_IT_IS:
        record.statement = statement
        if statement and not record.terms:
            record.terms = Terms.ON_THE_RECORD.value
    record.full_clean()
    record.save()
    if moves:
        notify_desk(record, user, News.DEADLINE)
    return record


def record_of(article: Article, request_key: UUID) -> DeskRecord:
    """The desk's record of a request, not saved yet where there was none. For who holds the story's lock.

    Raises Refused where the article has neither such a request nor a record of it.
    """
    record = DeskRecord.objects.filter(article=article, request_key=request_key).first()
    party = (
        CommentRequest.objects.filter(parent=article, key=request_key).values_list("party", flat=True).first()
    )
    if record is None:
        if party is None:
            raise Refused(
                _("This story has no such comment request. Save the request first, then its record.")
            )
        record = DeskRecord(article=article, request_key=request_key)
    record.party = party or record.party
    return record


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
    notify_desk(record, user, News.ANSWER if answered else News.ATTEMPT)
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


@transaction.atomic
def decide_terms(
    *, record: DeskRecord, user: Actor, terms: str, reason: str, at: datetime | None = None
) -> TermsDecision:
    """Decide disputed terms, with a reason; returns the decision.

    On the record or background, the statement can be used again. Off the record, it is erased here, with all that was
    noted of what they said; what stands in the story by now stays there, for an editor to take out.

    Raises PermissionDenied; Refused where nothing is disputed, or no reason is given; ValidationError for terms
    that decide nothing.
    """
    locked = lock(record.article)
    require_terms_decision(user)
    stored = DeskRecord.objects.get(pk=record.pk, article=locked)
    if stored.terms != Terms.DISPUTED:
        raise Refused(_("These terms are not disputed, or somebody has decided on them just now."))
    reason = clean_text(reason, _("reason"))
    require_reason(reason, _("Say why. The reason stays with the record."))
    decision = TermsDecision(
        record=stored,
        at=at or timezone.now(),
        terms=terms,
        reason=reason,
        user_id=user.pk,
        user_name=name_of(user),
    )
    decision.full_clean()
    decision.save()
    stored.terms = terms
    if terms == Terms.OFF_THE_RECORD:
        stored.statement = ""
        stored.attempts.filter(answered=True).update(summary="")
        transaction.on_commit(_forget_journal, robust=True)
    stored.save()
    notify_desk(stored, user, News.TERMS)
    return decision


def _forget_journal() -> None:
    """SQLite's journal still holds the erased words until it is written back and emptied."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

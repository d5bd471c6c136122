"""Store the desk's side of a comment request: deadline, contact, statement."""

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
from stories.actions.times import current_time, require_plausible
from stories.models import Article, CommentRequest, ContactAttempt, DeskRecord, Terms, TermsDecision


class Unchanged(Enum):
    """Marks an argument that leaves the stored value as it is."""

    UNCHANGED = "as it is"


UNCHANGED: Final = Unchanged.UNCHANGED


class DeskRecordConflict(Refused):
    """A desk record that somebody else saved since it was opened; `record` is the stored one."""

    def __init__(self, record: DeskRecord | None) -> None:
        self.record = record
        super().__init__(
            _(
                "Somebody else saved this record since you opened it. Nothing of yours was saved, and what you typed "
                "is kept. Take over what should stay of theirs, then save again."
            )
        )


def record_fingerprint(record: DeskRecord | None) -> str:
    """Return a hash that changes with a record's deadline and contact; "" if there is no record."""
    if record is None:
        return ""
    deadline = record.deadline.timestamp() if record.deadline else None
    values = json.dumps([deadline, record.contact])
    return sha256(values.encode()).hexdigest()


@transaction.atomic
def save_desk_record(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    deadline: datetime | Unchanged | None = UNCHANGED,
    contact: str | Unchanged = UNCHANGED,
    statement: str | Unchanged = UNCHANGED,
    seen: str | None = None,
) -> DeskRecord:
    """Create or change the desk's record of a request; return it. It is never part of a revision.

    Omitted values stay. `seen` is the `record_fingerprint` of the record that its editor started from; None overwrites
    whatever is stored. An existing record can be changed even if its request has left the story. The story's assignee
    and the desk are notified if the deadline changes.

    Raises PermissionDenied; DeskRecordConflict if somebody saved the record since; Refused if the article has neither
    such a request nor a record of it; ValidationError for a bad value.
    """
    # The story's lock covers its records: of two created at once, the second finds the first.
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    if seen is not None and seen != record_fingerprint(record if record.pk else None):
        raise DeskRecordConflict(record if record.pk else None)
    moves = deadline is not UNCHANGED and deadline != record.deadline
    if moves and isinstance(deadline, datetime):
        require_plausible(deadline, at=timezone.now())
    if deadline is not UNCHANGED:
        record.deadline = deadline
    if contact is not UNCHANGED:
        record.contact = contact
    if statement is not UNCHANGED:
        record.statement = statement
        if statement and not record.terms:
            record.terms = Terms.ON_THE_RECORD.value
    record.full_clean()
    record.save()
    if moves:
        notify_desk(record, user, News.DEADLINE)
    return record


def record_of(article: Article, request_key: UUID) -> DeskRecord:
    """Return the desk's record of a request, unsaved if there was none. The caller must hold the story's lock.

    Raises Refused if the article has neither such a request nor a record of it.
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


# Terms under which a statement may be published, and which may be disputed afterwards.
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
    """Log that a party was contacted (or `answered`) at a time, by a channel, on terms; return the attempt.

    The same attempt by the same person is logged once, however often it is submitted. *Disputed* terms apply to the
    whole record until an editor decides. The story's assignee and the desk are notified.

    Raises PermissionDenied; Refused for a dispute if there is nothing to dispute; ValidationError for an unknown
    channel or unknown terms, and for a summary of what was off the record.
    """
    locked = lock(record.article)
    require_desk_work(user, locked)
    stored = DeskRecord.objects.get(pk=record.pk)
    attempt = write_attempt(
        stored, user=user, at=at, channel=channel, terms=terms, summary=summary, answered=answered
    )
    if attempt.terms == Terms.DISPUTED:
        dispute(stored)
    return attempt


def write_attempt(
    record: DeskRecord, *, user: Actor, at: datetime, channel: str, terms: str, summary: str, answered: bool
) -> ContactAttempt:
    """Log an attempt. The caller must hold the story's lock and have checked the permission."""
    require_plausible(at, at=timezone.now())
    values = {"at": at, "channel": channel, "terms": terms, "summary": summary.strip(), "answered": answered}
    present = ContactAttempt.objects.filter(record=record, user_id=user.pk, **values).first()
    if present is not None:
        return present
    attempt = ContactAttempt(record=record, user_id=user.pk, user_name=name_of(user), **values)
    attempt.full_clean()
    attempt.save()
    notify_desk(record, user, News.ANSWER if answered else News.ATTEMPT)
    return attempt


def dispute(record: DeskRecord) -> None:
    """Mark a record's terms as disputed: its statement stays stored, but can't be used before an editor decides."""
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
    """Decide disputed terms, with a reason; return the decision.

    On the record or on background, the statement can be used again. Off the record, the statement and all notes of what
    they said are erased here; what is in the story already stays there for an editor to remove.

    Raises PermissionDenied; Refused if nothing is disputed, or no reason is given; ValidationError for terms that
    decide nothing.
    """
    locked = lock(record.article)
    require_terms_decision(user, locked)
    stored = DeskRecord.objects.get(pk=record.pk, article=locked)
    if stored.terms != Terms.DISPUTED:
        raise Refused(_("These terms are not disputed, or somebody has decided on them just now."))
    reason = clean_text(reason, _("reason"))
    require_reason(reason, _("Say why. The reason stays with the record."))
    decision = TermsDecision(
        record=stored,
        at=at or current_time(),
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
        transaction.on_commit(_truncate_wal, robust=True)
    stored.save()
    notify_desk(stored, user, News.TERMS)
    return decision


def _truncate_wal() -> None:
    """Empty SQLite's write-ahead log, which otherwise still contains the erased words."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

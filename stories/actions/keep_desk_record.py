"""Keep what the desk needs beside a comment request: deadline, contact, statement."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_desk_work
from stories.actions.revise import lock
from stories.actions.tell_desk import News, tell_desk
from stories.actions.times import require_plausible
from stories.models import Article, CommentRequest, DeskRecord, Terms


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
        tell_desk(record, user, News.DEADLINE)
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

"""Keep what the desk needs beside a comment request: deadline, contact, statement."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_edit
from stories.actions.revise import lock
from stories.models import Article, CommentRequest, DeskRecord


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
    """What a record says, as a short text that changes with it; "" where there is none."""
    if record is None:
        return ""
    deadline = record.deadline.timestamp() if record.deadline else None
    said = json.dumps([deadline, record.contact, record.statement])
    return sha256(said.encode()).hexdigest()


@transaction.atomic
def keep_desk_record(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    deadline: datetime | None = None,
    contact: str = "",
    statement: str = "",
    seen: str | None = None,
) -> DeskRecord:
    """Make or change the desk's record of a request; returns it. Never part of a revision.

    `seen` is the `reading` of the record that its editor started from; None replaces whatever is there. A record
    that is there is kept on, too, when its request has left the story.

    Raises PermissionDenied; KeepRefused where somebody saved the record since; Refused where the article has
    neither such a request nor a record of it; ValidationError for a bad value.
    """
    # The story's lock serves its records: of two that begin at once, the second finds the first.
    locked = lock(article)
    require_edit(user, locked)
    record = DeskRecord.objects.filter(article=locked, request_key=request_key).first()
    if seen is not None and seen != reading(record):
        raise KeepRefused(record)
    party = (
        CommentRequest.objects.filter(parent=locked, key=request_key).values_list("party", flat=True).first()
    )
    if record is None:
        if party is None:
            raise Refused(
                _("This story has no such comment request. Save the request first, then its record.")
            )
        record = DeskRecord(request_key=request_key)
    record.article, record.party = locked, party or record.party
    record.deadline, record.contact, record.statement = deadline, contact, statement
    record.full_clean()
    record.save()
    return record

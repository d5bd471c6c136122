"""Keep what the desk needs beside a comment request: deadline, contact, statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_edit
from stories.models import Article, CommentRequest, DeskRecord


@transaction.atomic
def keep_desk_record(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    deadline: datetime | None = None,
    contact: str = "",
    statement: str = "",
) -> DeskRecord:
    """Make or change the desk's record of a request; returns it. Never part of a revision.

    Raises PermissionDenied; Refused where the article has no such request, ValidationError for a bad value.
    """
    require_edit(user, article)
    party = (
        CommentRequest.objects.filter(parent=article, key=request_key).values_list("party", flat=True).first()
    )
    if party is None:
        raise Refused(_("This story has no such comment request. Save the request first, then its record."))
    record = DeskRecord.objects.select_for_update().filter(request_key=request_key).first() or DeskRecord(
        request_key=request_key
    )
    record.article, record.party = article, party
    record.deadline, record.contact, record.statement = deadline, contact, statement
    record.full_clean()
    record.save()
    return record

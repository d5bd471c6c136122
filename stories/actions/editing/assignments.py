"""Assign a story to somebody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, name_of
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_assign
from stories.actions.record.ledger import record
from stories.models import Article, Assignment, User


@transaction.atomic
def assign(
    *, article: Article, to: User | None, user: Actor, reason: str = "", at: datetime | None = None
) -> Assignment:
    """Assign a story to a person, or to nobody (`to` None); return the Assignment.

    The assignee may change it until it is published. Raises PermissionDenied; Refused for a person who can't write
    here.
    """
    require_assign(user)
    locked = lock(article)
    if to is not None and not (to.is_active and to.has_perm("stories.add_article")):
        raise Refused(
            _("%(name)s can’t write stories here. Choose somebody who can.") % {"name": name_of(to)}
        )
    assignment = Assignment(
        article=locked,
        assignee_id=to.pk if to else None,
        assignee_name=name_of(to) if to else "",
        reason=reason.strip(),
        **actor_columns(user, at or timezone.now()),
    )
    record(assignment)
    return assignment

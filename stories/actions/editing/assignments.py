"""Assign a story to somebody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, addresses_of, name_of
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.permissions import require_assign
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.times import current_time
from stories.models import Article, Assignment, MailKind, User


@transaction.atomic
def assign(
    *, article: Article, to: User | None, user: Actor, reason: str = "", at: datetime | None = None
) -> Assignment:
    """Assign a story to a person, or to nobody (`to` None); return the Assignment.

    The assignee may change it; what they change of a live story waits for an editor. Raises PermissionDenied; Refused
    for a person who can't write here.
    """
    locked = lock(article)
    require_assign(user, locked)
    if to is not None and not (to.is_active and to.has_perm("stories.add_article")):
        raise Refused(
            _("%(name)s can’t write stories here. Choose somebody who can.") % {"name": name_of(to)}
        )
    assignment = Assignment(
        article=locked,
        assignee_id=to.pk if to else None,
        assignee_name=name_of(to) if to else "",
        reason=reason.strip(),
        **actor_columns(user, at or current_time()),
    )
    written = write_event(assignment)
    if to is not None:
        notify_assignee(assignment, user)
    append_entries(written)
    return assignment


def notify_assignee(assignment: Assignment, user: Actor) -> None:
    """Notify the person whom a story is given to; never somebody who takes it themselves."""
    send_mail(
        to=addresses_of([assignment.assignee_id]),
        user=user,
        kind=MailKind.ASSIGNMENTS,
        compose=lambda: (
            _("The desk: a story is assigned to you"),
            _("%(name)s assigned a story to you.") % {"name": assignment.user_name},
        ),
        path=reverse("admin:stories_article_change", args=[assignment.article_id]),
    )

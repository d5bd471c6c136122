"""Give an outside auditor access to a story until a time, or end it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, name_of
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_giving_out
from stories.actions.record.ledger import record
from stories.actions.texts import require_reason
from stories.actions.times import current_time, require_plausible
from stories.models import Article, AuditAccess, User
from stories.queries.dossier.access import access_of


@transaction.atomic
def give_access(
    *,
    article: Article,
    auditor: User,
    until: datetime,
    full: bool,
    user: Actor,
    reason: str,
    at: datetime | None = None,
) -> AuditAccess:
    """Let an outside auditor see a story until a time: all of it (`full`), or its public part; return the AuditAccess.

    It replaces any earlier access of theirs to the story. Raises PermissionDenied; Refused without a reason, for a time
    in the past, and for an account that is not an outside auditor's.
    """
    at = at or current_time()
    locked = lock(article)
    require_giving_out(user, locked)
    if not is_outside_auditor(auditor):
        raise Refused(
            _(
                "%(name)s is not an outside auditor. A managing editor puts their account into that group first, "
                "and into no other."
            )
            % {"name": name_of(auditor)}
        )
    if until <= at:
        raise Refused(_("The time until which they may see the story is over already. Choose a later one."))
    require_plausible(until, at=at)
    require_reason(reason, _("Say why they are given the story. Auditors read this."))
    access = AuditAccess(
        article=locked,
        auditor_id=auditor.pk,
        auditor_name=name_of(auditor),
        until=until,
        full=full,
        reason=reason.strip(),
        **actor_columns(user, at),
    )
    record(access)
    return access


def is_outside_auditor(account: User) -> bool:
    """Return whether an account can sign in, and sees the stories it is given and nothing else."""
    return (
        account.is_active
        and account.is_staff
        and account.has_perm("stories.see_given_stories")
        and not account.has_perm("stories.view_article")
        and not account.has_perm("stories.view_ledgerentry")
    )


@transaction.atomic
def end_access(
    *, article: Article, auditor_id: int, user: Actor, reason: str = "", at: datetime | None = None
) -> AuditAccess:
    """End an outside auditor's access to a story; return the AuditAccess that records it.

    `auditor_id` is the id of an account that may be deleted by now. Raises PermissionDenied; Refused if the access has
    ended.
    """
    at = at or current_time()
    locked = lock(article)
    require_giving_out(user, locked)
    access = access_of(auditor_id, locked.pk, at=at)
    if access is None:
        raise Refused(_("They can’t see this story any more. Nothing was changed."))
    ended = AuditAccess(
        article=locked,
        auditor_id=auditor_id,
        auditor_name=access.auditor_name,
        until=None,
        full=False,
        reason=reason.strip(),
        **actor_columns(user, at),
    )
    record(ended)
    return ended

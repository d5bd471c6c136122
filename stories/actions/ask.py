"""Ask about an entry of the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_audit, signed
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.revise import lock
from stories.actions.sentences import visible
from stories.actions.tell_of_question import tell_asked
from stories.models import LedgerEntry, Question, User


@transaction.atomic
def ask(*, entry: LedgerEntry, user: Actor, reason: str, at: datetime | None = None) -> Question:
    """Put a question on an entry, in words (`reason`), to the person who made it; returns the Question.

    Where they are no longer here, or the system did it, it is put to nobody: who answers for the desk sees it. An
    e-mail tells whom it is put to. Raises PermissionDenied; Refused for a question without words, or to oneself.
    """
    require_audit(user)
    if entry.article is not None:
        lock(entry.article)
    if not visible(reason).strip():
        raise Refused(_("The question is empty. Write what you want to know."))
    if user.pk is not None and entry.user_id == user.pk:
        raise Refused(
            _("You made this entry yourself, so the question would be put to you. Nothing was asked.")
        )
    asked = User.objects.filter(pk=entry.user_id or 0, is_active=True, is_staff=True).first()
    question = Question(
        article=entry.article,
        entry=entry,
        asked_id=asked.pk if asked else None,
        asked_name=name_of(asked) if asked else "",
        reason=reason,
        **signed(user, at or timezone.now()),
    )
    written = write_event(question)
    tell_asked(question, user)
    append_entries(written)
    return question

"""Answer an auditor's question."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_answer, signed
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.revise import lock
from stories.actions.sentences import visible
from stories.actions.tell_of_question import tell_asker
from stories.models import Answer, Question


@transaction.atomic
def answer(*, question: Question, user: Actor, reason: str, at: datetime | None = None) -> Answer:
    """Answer a question in words (`reason`); returns the Answer. A later answer adds to the ones before.

    An e-mail tells who asked. Raises PermissionDenied; Refused for an answer without words.
    """
    require_answer(user, question)
    if question.article is not None:
        lock(question.article)
    if not visible(reason).strip():
        raise Refused(_("The answer is empty. Write what the auditor should know."))
    answered = Answer(
        article=question.article,
        question=question,
        reason=reason,
        **signed(user, at or timezone.now()),
    )
    written = write_event(answered)
    tell_asker(answered, user)
    append_entries(written)
    return answered

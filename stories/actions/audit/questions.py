"""Ask about an entry of the ledger, answer, and sign entries off."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, addresses_of, name_of
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.permissions import require_answer, require_audit
from stories.actions.record.ledger import append_entries, record, write_event
from stories.actions.texts import blank_if_invisible
from stories.actions.times import current_time
from stories.models import Answer, LedgerEntry, MailKind, Question, SignOff, User


@transaction.atomic
def ask_question(*, entry: LedgerEntry, user: Actor, reason: str, at: datetime | None = None) -> Question:
    """Ask a question (`reason`) about an entry, addressed to the person who made it; return the Question.

    If that person has left, or the system made the entry, it is addressed to nobody, and whoever answers for the desk
    sees it. The addressee gets an e-mail. Raises PermissionDenied; Refused for an empty question, or one to oneself.
    """
    require_audit(user)
    if entry.article is not None:
        lock(entry.article)
    if not blank_if_invisible(reason).strip():
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
        **actor_columns(user, at or current_time()),
    )
    written = write_event(question)
    notify_person_asked(question, user)
    append_entries(written)
    return question


@transaction.atomic
def answer_question(*, question: Question, user: Actor, reason: str, at: datetime | None = None) -> Answer:
    """Answer a question (`reason`); return the Answer. A later answer adds to earlier ones.

    Whoever asked gets an e-mail. Raises PermissionDenied; Refused for an empty answer.
    """
    if question.article is not None:
        # As it is under the lock: who may answer for the desk depends on its section.
        question.article = lock(question.article)
    require_answer(user, question)
    if not blank_if_invisible(reason).strip():
        raise Refused(_("The answer is empty. Write what the auditor should know."))
    answered = Answer(
        article=question.article,
        question=question,
        reason=reason,
        **actor_columns(user, at or current_time()),
    )
    written = write_event(answered)
    notify_asker(answered, user)
    append_entries(written)
    return answered


@transaction.atomic
def sign_off(*, entry: LedgerEntry, user: Actor, reason: str = "", at: datetime | None = None) -> SignOff:
    """Mark an entry as in order, with an optional remark (`reason`); return the SignOff.

    Raises PermissionDenied; Refused for one's own entry, and for one that the same person has signed off already.
    """
    require_audit(user)
    if entry.article is not None:
        lock(entry.article)
    if user.pk is not None and entry.user_id == user.pk:
        raise Refused(_("You made this entry yourself. Another auditor has to sign it off."))
    if SignOff.objects.filter(entry=entry, user_id=user.pk).exists():
        raise Refused(_("You have signed entry %(entry)s off already.") % {"entry": entry.pk})
    signed_off = SignOff(
        article=entry.article, entry=entry, reason=reason, **actor_columns(user, at or current_time())
    )
    record(signed_off)
    return signed_off


def notify_person_asked(question: Question, user: Actor) -> None:
    """Notify the person a question is addressed to; if there is none, the desk."""
    send_mail(
        to=addresses_of([question.asked_id]) if question.asked_id else settings.DESK_EMAIL,
        user=user,
        kind=MailKind.QUESTIONS,
        compose=lambda: (
            _("A question from an auditor"),
            _("%(name)s asks about entry %(entry)s of the ledger.")
            % {"name": question.user_name, "entry": question.entry_id},
        ),
        path=reverse("desk:question", args=[question.pk]),
    )


def notify_asker(answer: Answer, user: Actor) -> None:
    """Notify the auditor who asked."""
    question = answer.question
    send_mail(
        to=addresses_of([question.user_id]),
        user=user,
        kind=MailKind.QUESTIONS,
        compose=lambda: (
            _("An answer to your question"),
            _("%(name)s answered your question about entry %(entry)s of the ledger.")
            % {"name": answer.user_name, "entry": question.entry_id},
        ),
        path=reverse("audit:entry", args=[question.entry_id]),
    )

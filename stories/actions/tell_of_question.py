"""Tell by e-mail whom an auditor asks, and the auditor that an answer came.

A mail leaves the house: it says who did what, about which entry, and where to look, and no word of question, answer
or story.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.mail import send_mail
from stories.actions.people import Actor, addresses_of
from stories.models import Answer, Question


def tell_asked(question: Question, user: Actor) -> None:
    """Tell the person asked; where that is nobody, the desk."""
    send_mail(
        to=addresses_of([question.asked_id]) if question.asked_id else settings.DESK_EMAIL,
        user=user,
        subject=_("A question from an auditor"),
        says=_("%(name)s asks about entry %(entry)s of the ledger.")
        % {"name": question.user_name, "entry": question.entry_id},
        path=reverse("desk:question", args=[question.pk]),
    )


def tell_asker(answer: Answer, user: Actor) -> None:
    """Tell the auditor who asked."""
    question = answer.question
    send_mail(
        to=addresses_of([question.user_id]),
        user=user,
        subject=_("An answer to your question"),
        says=_("%(name)s answered your question about entry %(entry)s of the ledger.")
        % {"name": answer.user_name, "entry": question.entry_id},
        path=reverse("audit:entry", args=[question.entry_id]),
    )

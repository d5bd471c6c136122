"""Tell by e-mail whom an auditor asks, and the auditor that an answer came.

A mail leaves the house: it says who did what, about which entry, and where to look, and no word of question, answer
or story.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.mails import send_later
from stories.models import Answer, Question


def tell_asked(question: Question) -> None:
    """Tell the person asked; where that is nobody, the desk."""
    path = reverse("desk:question", args=[question.pk])
    says = _("%(name)s asks about entry %(entry)s of the ledger.") % {
        "name": question.user_name,
        "entry": question.entry_id,
    }
    to = _addresses(question.asked_id) if question.asked_id else list(settings.DESK_EMAIL)
    _tell(_("A question from an auditor"), says, path, to)


def tell_asker(answer: Answer) -> None:
    """Tell the auditor who asked."""
    question = answer.question
    path = reverse("audit:entry", args=[question.entry_id])
    says = _("%(name)s answered your question about entry %(entry)s of the ledger.") % {
        "name": answer.user_name,
        "entry": question.entry_id,
    }
    _tell(_("An answer to your question"), says, path, _addresses(question.user_id))


def _addresses(user_id: int | None) -> list[str]:
    found = User.objects.filter(pk=user_id or 0, is_active=True).exclude(email="")
    return list(found.values_list("email", flat=True))


def _tell(subject: str, says: str, path: str, to: list[str]) -> None:
    if to:
        send_later(subject, f"{says}\n\n{settings.SITE_URL}{path}\n", to, about=path)

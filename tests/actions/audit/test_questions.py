"""Auditors ask about entries of the ledger, get answers, and sign entries off."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from pytest_django import Settings

from stories.actions.audit.questions import answer_question, ask_question, sign_off
from stories.actions.errors import Refused
from stories.models import Answer, LedgerEntry, Question, SignOff, User
from stories.models.roles import AUDITOR
from stories.queries.verification import Verification
from tests.factories import begin, make_user
from tests.outbox import mails_delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(editor: User) -> LedgerEntry:
    """The entry of a story that the editor began."""
    begin(user=editor)
    return LedgerEntry.objects.get()


def test_a_question_is_put_to_who_made_the_entry_and_its_answer_to_who_asked(
    entry: LedgerEntry, editor: User, auditor: User, mailoutbox: list[EmailMessage]
) -> None:
    with mails_delivered():
        question = ask_question(entry=entry, user=auditor, reason="Who told you?")
    with mails_delivered():
        answered = answer_question(question=question, user=editor, reason="The mayor's office.")
    assert (question.asked_id, question.asked_name, question.user_name) == (
        editor.pk,
        "Emil Editor",
        "Aldo Auditor",
    )
    assert answered.question == question
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["emil@example.org"], "A question from an auditor"),
        (["aldo@example.org"], "An answer to your question"),
    ]
    assert not any(words in mail.body for mail in mailoutbox for words in ("Who told you", "mayor"))
    assert list(Verification()) == []


def test_what_somebody_did_who_has_left_is_put_to_the_desk(
    entry: LedgerEntry, editor: User, auditor: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.DESK_EMAIL = ["desk@example.org"]
    User.objects.filter(pk=editor.pk).update(is_active=False)
    with mails_delivered():
        question = ask_question(entry=entry, user=auditor, reason="Who told you?")
    assert (question.asked_id, question.asked_name) == (None, "")
    assert [mail.to for mail in mailoutbox] == [["desk@example.org"]]


def test_nobody_asks_themselves_or_nothing(entry: LedgerEntry, editor: User, auditor: User) -> None:
    with pytest.raises(Refused, match="The question is empty"):
        ask_question(entry=entry, user=auditor, reason="\u200b ")
    question = ask_question(entry=entry, user=auditor, reason="Who told you?")
    with pytest.raises(Refused, match="You made this entry yourself"):
        ask_question(entry=LedgerEntry.objects.get(kind="question"), user=auditor, reason="Why?")
    with pytest.raises(Refused, match="The answer is empty"):
        answer_question(question=question, user=editor, reason=" ")
    assert (Question.objects.count(), Answer.objects.count()) == (1, 0)


def test_a_later_answer_adds_to_the_first(entry: LedgerEntry, editor: User, auditor: User) -> None:
    question = ask_question(entry=entry, user=auditor, reason="Who told you?")
    for answer in ("The mayor.", "No, her deputy."):
        answer_question(question=question, user=editor, reason=answer)
    assert [answer.reason for answer in question.answers.order_by("pk")] == ["The mayor.", "No, her deputy."]


def test_an_entry_is_signed_off_once_by_each_auditor_who_did_not_make_it(
    entry: LedgerEntry, auditor: User
) -> None:
    sign_off(entry=entry, user=auditor, reason="In order.")
    with pytest.raises(Refused, match="have signed entry 1 off already"):
        sign_off(entry=entry, user=auditor)
    sign_off(entry=entry, user=make_user(AUDITOR, name="anna"))
    with pytest.raises(Refused, match="Another auditor"):
        sign_off(entry=LedgerEntry.objects.get(sequence=2), user=auditor)
    assert [row.user_name for row in SignOff.objects.order_by("pk")] == ["Aldo Auditor", "Aldo Auditor"]


def test_asking_and_signing_off_is_for_auditors(entry: LedgerEntry, editor: User) -> None:
    with pytest.raises(PermissionDenied):
        ask_question(entry=entry, user=editor, reason="Why?")
    with pytest.raises(PermissionDenied):
        sign_off(entry=entry, user=editor)

"""Auditors' questions that nobody has answered yet, and whom they concern."""

from __future__ import annotations

import pytest

from stories.actions.audit.questions import answer_question, ask_question
from stories.models import LedgerEntry, Question, User
from stories.queries.audit.questions import MOST_LISTED, open_questions, questions_for
from tests.factories import begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(editor: User) -> LedgerEntry:
    begin(user=editor)
    return LedgerEntry.objects.get()


def ask(entry: LedgerEntry, auditor: User, words: str = "Why?") -> Question:
    return ask_question(entry=entry, user=auditor, reason=words)


def test_a_question_is_open_until_it_is_answered_and_the_longest_waiting_comes_first(
    entry: LedgerEntry, editor: User, auditor: User
) -> None:
    first, second = ask(entry, auditor), ask(entry, auditor, "And who?")
    assert list(open_questions()) == [first, second]
    answer_question(question=first, user=editor, reason="The mayor.")
    assert list(open_questions()) == [second]


def test_the_desk_answers_what_is_put_to_nobody(
    entry: LedgerEntry, editor: User, reporter: User, auditor: User
) -> None:
    to_editor = ask(entry, auditor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    to_nobody = ask(entry, auditor)
    assert questions_for(editor.pk, of_the_desk=False) == [to_editor]
    assert questions_for(editor.pk, of_the_desk=True) == [to_editor, to_nobody]
    assert questions_for(reporter.pk, of_the_desk=True) == [to_nobody]
    assert questions_for(reporter.pk, of_the_desk=False) == []


def test_one_more_than_is_listed_means_that_there_are_more(
    entry: LedgerEntry, editor: User, auditor: User
) -> None:
    for number in range(MOST_LISTED + 3):
        ask(entry, auditor, f"Why, {number}?")
    assert len(questions_for(editor.pk, of_the_desk=False)) == MOST_LISTED + 1

"""Decisions by an account that may be the asker's own are listed, refused or not."""

from __future__ import annotations

import pytest

from stories.actions.record.ledger import record
from stories.models import Article, SecondPersonCheck, User
from stories.queries.audit import queues
from stories.queries.audit.second_person import second_person
from tests.factories import begin, minutes
from tests.queries.audit.reading import acted, sequence_of, sequences, sign

pytestmark = pytest.mark.django_db


def check(article: Article, user: User, *, refused: bool) -> SecondPersonCheck:
    row = SecondPersonCheck(
        article=article,
        decision_on="erasure-order",
        decided_id=1,
        asker_id=user.pk,
        asker_name="Maya Managing",
        refused=refused,
        reason="One made the other.",
        **acted(user, minutes(5)),
    )
    record(row)
    return row


def test_tries_and_decisions_are_listed_the_newest_first(
    editor: User, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begin(user=editor)
    refused, listed = check(article, editor, refused=True), check(article, editor, refused=False)
    page = second_person()
    assert [line.facts for line in page.lines] == [listed, refused]
    sign(sequence_of(listed), auditor)
    assert sequences(second_person(unsigned=True)) == [sequence_of(refused)]
    monkeypatch.setattr(queues, "PAGE_LENGTH", 1)
    page = second_person()
    assert sequences(page) == [sequence_of(listed)]
    assert sequences(second_person(before=page.following)) == [sequence_of(refused)]

"""What is withheld now, the unconfirmed first; and which stories are withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from stories.actions.record.ledger import record
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import Article, User, Withholding, WithholdingDecision
from stories.queries.audit import queues
from stories.queries.audit.withholdings import withdrawn, withheld
from tests.factories import begin, go_live, minutes, wanted
from tests.queries.audit.reading import NOW, acted, sequence_of, sequences, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(10))
    return article


def hide(article: Article, user: User, at: datetime) -> Withholding:
    row = Withholding(article=article, words="x", ground="court", reason="Order", **acted(user, at))
    record(row)
    return row


def decide(row: Withholding, user: User, *, lifted: bool) -> None:
    record(
        WithholdingDecision(article=row.article, withholding=row, lifted=lifted, **acted(user, minutes(60)))
    )


def test_the_longest_unconfirmed_comes_first_and_what_was_lifted_not_at_all(
    article: Article, editor: User, auditor: User
) -> None:
    times = (minutes(40), minutes(41), minutes(42), NOW - timedelta(hours=1))
    lifted, confirmed, overdue, fresh = (hide(article, editor, at) for at in times)
    decide(lifted, editor, lifted=True)
    decide(confirmed, editor, lifted=False)
    page = withheld(at=NOW)
    assert [line.facts.withholding for line in page.lines] == [overdue, fresh, confirmed]
    assert [line.facts.is_overdue for line in page.lines] == [True, False, False]
    assert [line.facts.is_confirmed for line in page.lines] == [False, False, True]
    sign(sequence_of(overdue), auditor)
    assert sequences(withheld(at=NOW, unsigned=True)) == [sequence_of(fresh), sequence_of(confirmed)]


def test_page_after_page_each_is_listed_once(
    article: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [hide(article, editor, minutes(40 + number)) for number in range(4)]
    for row in rows[:2]:
        decide(row, editor, lifted=False)
    monkeypatch.setattr(queues, "PAGE_LENGTH", 1)
    found, after = [], None
    for _page in range(4):
        page = withheld(at=NOW, after=after)
        found += [line.facts.withholding for line in page.lines]
        after = page.following
    assert (found, after) == ([rows[2], rows[3], rows[0], rows[1]], None)


def test_a_story_is_listed_while_it_is_withdrawn(
    article: Article, editor: User, managing_editor: User, auditor: User
) -> None:
    other = begin(wanted("Other"), user=editor)
    go_live(other, user=editor, at=minutes(10))
    why: dict[str, Any] = {"user": managing_editor, "notice": "It was taken down.", "reason": "Untrue"}
    first, second = (
        withdraw(article=each, at=minutes(20 + number), **why) for number, each in enumerate((article, other))
    )
    assert sequences(withdrawn()) == [sequence_of(second), sequence_of(first)]
    reinstate(article=other, user=managing_editor, reason="It was true", at=minutes(30))
    assert sequences(withdrawn()) == [sequence_of(first)]
    sign(sequence_of(first), auditor)
    assert withdrawn(unsigned=True).lines == []

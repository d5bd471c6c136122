"""One entry in detail: whether what it says and covers is what was written, and what it goes with."""

from __future__ import annotations

import pytest

from stories.actions.audit.questions import answer_question, ask_question
from stories.models import Article, LedgerEntry, User
from stories.queries.ledger.entry import EntryDetail, State, entry_detail
from tests.tampering import run

pytestmark = pytest.mark.django_db


def detail(sequence: int) -> EntryDetail:
    found = entry_detail(sequence)
    assert found is not None
    return found


def related(sequence: int) -> list[tuple[str, int]]:
    return [(link.relation, link.sequence) for link in detail(sequence).links]


def test_what_was_written_holds(article: Article) -> None:
    for sequence in (1, 2, 3, 4):
        entry = detail(sequence)
        assert (entry.chain_holds, entry.words_hold) == (True, True)
        assert {row.state for row in entry.rows} <= {State.HOLDS}
    assert (detail(1).listing_holds, detail(2).listing_holds) == (None, True)


@pytest.mark.parametrize(
    ("sql", "field"),
    [
        ("UPDATE stories_publication SET reason = 'Another'", "words_hold"),
        ("UPDATE stories_publicationcard SET headline = 'Another'", "listing_holds"),
    ],
)
def test_what_was_changed_since_is_named(article: Article, sql: str, field: str) -> None:
    run(sql)
    assert getattr(detail(4), field) is False


def test_an_entry_does_not_follow_from_one_that_was_changed(article: Article) -> None:
    run("UPDATE stories_ledgerentry SET digest = %s WHERE sequence = 3", bytes(32))
    assert [detail(sequence).chain_holds for sequence in (2, 3, 4)] == [True, False, False]


def test_a_row_that_was_changed_or_removed_is_named(article: Article) -> None:
    run("UPDATE stories_historicaltextblock SET text = '<p>Another</p>' WHERE revision = 2")
    assert {row.state for row in detail(3).rows} == {State.DIFFERS}
    run("DELETE FROM stories_historicaltextblock WHERE revision = 2")
    assert {row.state for row in detail(3).rows} == {State.MISSING}


def test_it_leads_to_what_led_to_it_and_what_came_of_it(
    article: Article, editor: User, auditor: User
) -> None:
    assert related(3) == [("published", 4)]
    assert ("revision_event", 3) in related(4)
    assert ("base", 2) in related(4)
    question = ask_question(entry=LedgerEntry.objects.get(sequence=4), user=auditor, reason="Why?")
    answer_question(question=question, user=editor, reason="The mayor.")
    assert related(5) == [("answered", 6), ("about", 4)]
    (asked,) = detail(4).questions
    assert [answer.reason for answer in asked.answers] == ["The mayor."]


def test_it_stands_between_its_neighbours_of_the_story_and_says_what_it_compares(article: Article) -> None:
    first, third, fourth = detail(1), detail(3), detail(4)
    assert (first.story_before, first.story_after, first.compared) == (None, 2, (0, 1))
    assert (third.story_before, third.story_after, third.compared) == (2, 4, (1, 2))
    assert (fourth.story_before, fourth.story_after, fourth.compared) == (3, None, (1, 2))


def test_there_is_no_other_entry(article: Article) -> None:
    assert entry_detail(5) is None

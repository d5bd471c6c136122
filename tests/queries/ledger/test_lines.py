"""Entries as lists display them: the event's words, what they are about, questions and sign-offs."""

from __future__ import annotations

import pytest

from stories.actions.audit.questions import answer_question, ask_question, sign_off
from stories.models import Article, LedgerEntry, Publication, Revision, User
from stories.queries.ledger.lines import entries_of, lines_of, payload_of
from tests.tampering import run

pytestmark = pytest.mark.django_db


def test_lines_come_in_the_order_asked_for_without_those_that_are_not_there(article: Article) -> None:
    lines = lines_of([4, 99, 1])
    assert [line.entry.sequence for line in lines] == [4, 1]
    assert [(line.words, line.revision, line.kind) for line in lines] == [
        ("An adverb", 2, "publication"),
        ("began", 1, "revision"),
    ]


def test_an_entry_has_its_questions_and_sign_offs_and_an_answer_what_it_is_about(
    article: Article, editor: User, auditor: User
) -> None:
    entry = LedgerEntry.objects.get(sequence=4)
    first = ask_question(entry=entry, user=auditor, reason="Why?")
    ask_question(entry=entry, user=auditor, reason="And who?")
    answer_question(question=first, user=editor, reason="The mayor.")
    signed = sign_off(entry=entry, user=auditor)
    line, asked, answered = lines_of([4, 5, 7])
    assert (line.questions, line.open_questions, line.sign_offs) == (2, 1, [signed])
    assert (asked.about, answered.about) == (4, 4)


def test_a_payload_that_somebody_made_unreadable_reads_as_nothing(article: Article) -> None:
    for unreadable in ("nonsense", "[1]"):
        run("UPDATE stories_ledgerentry SET payload = %s WHERE sequence = 1", unreadable)
        assert payload_of(LedgerEntry.objects.get(sequence=1)) == {}
        assert lines_of([1])[0].revision == 0


def test_events_are_found_by_kind_and_id(article: Article) -> None:
    publication, revision = Publication.objects.earliest("pk"), Revision.objects.earliest("pk")
    assert entries_of([publication, revision]) == {
        ("publication", publication.pk): 2,
        ("revision", revision.pk): 1,
    }
    assert entries_of([]) == {}

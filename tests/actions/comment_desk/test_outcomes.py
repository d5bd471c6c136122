"""The outcome of a request is an edit of that request alone; what the party said stays with the desk."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions.comment_desk.outcomes import (
    PartyAnswer,
    RequestOutcome,
    receive_answer,
    record_outcome,
)
from stories.actions.errors import Refused
from stories.domain.snapshot import CommentRequest, RequestStatus
from stories.models import Article, ContactAttempt, DeskRecord, Revision, User
from stories.queries.story.snapshots import working_snapshot
from stories.queries.verification import Verification
from tests.factories import change, go_live, minutes

pytestmark = pytest.mark.django_db

RECEIVED = RequestOutcome(status=RequestStatus.RECEIVED, responded_at=minutes(30))
SILENT = RequestOutcome(status=RequestStatus.NO_RESPONSE)


def asked(article: Article) -> CommentRequest:
    return working_snapshot(Article.objects.get(pk=article.pk)).comment_requests[0]


def answer(statement: str = "We hear you.", terms: str = "on-the-record", minute: int = 30) -> PartyAnswer:
    return PartyAnswer(at=minutes(minute), channel="email", terms=terms, statement=statement)


def close(article: Article, user: User, outcome: RequestOutcome, **values: Any) -> Revision | None:
    return record_outcome(
        article=article, request_key=asked(article).key, user=user, outcome=outcome, at=minutes(40), **values
    )


def receive(article: Article, user: User, answer: PartyAnswer) -> DeskRecord:
    return receive_answer(article=article, request_key=asked(article).key, user=user, answer=answer)


def test_its_writer_records_an_outcome_though_the_story_is_live(
    article: Article, reporter: User, editor: User
) -> None:
    go_live(article, user=editor)
    revision = close(article, reporter, RECEIVED, answer=answer())
    assert revision is not None
    assert (revision.number, revision.reason) == (2, "A request for comment was answered")
    assert (asked(article).status, asked(article).responded_at) == (RequestStatus.RECEIVED, minutes(30))
    record = DeskRecord.objects.get()
    assert (record.statement, record.terms) == ("We hear you.", "on-the-record")
    assert ContactAttempt.objects.get().answered
    assert "We hear you" not in repr(working_snapshot(Article.objects.get()))
    assert list(Verification()) == []


def test_the_same_outcome_again_is_no_revision(article: Article, reporter: User) -> None:
    close(article, reporter, SILENT)
    assert close(article, reporter, SILENT) is None
    assert Revision.objects.count() == 2


def test_a_sentence_was_written_for_its_state_and_goes_with_it_unless_it_is_kept(
    article: Article, reporter: User
) -> None:
    for keeps, sentence in ((True, "Corvid did not answer."), (False, "")):
        change(
            article,
            user=reporter,
            comment_requests=(
                CommentRequest(key=asked(article).key, party="Corvid", sentence="Corvid did not answer."),
            ),
        )
        close(article, reporter, RequestOutcome(status=RequestStatus.NO_RESPONSE, keeps_sentence=keeps))
        assert asked(article).sentence == sentence


def test_an_outcome_that_another_recorded_meanwhile_is_not_overwritten(
    article: Article, reporter: User, editor: User
) -> None:
    close(article, editor, SILENT)
    with pytest.raises(Refused, match="Somebody else recorded an outcome"):
        close(article, reporter, RECEIVED, seen=RequestStatus.PENDING)
    assert close(article, reporter, SILENT, seen=RequestStatus.PENDING) is None


def test_a_request_that_left_the_story_has_no_outcome(article: Article, reporter: User) -> None:
    key = asked(article).key
    change(article, user=reporter, comment_requests=())
    with pytest.raises(Refused, match="no longer in the story"):
        record_outcome(article=article, request_key=key, user=reporter, outcome=SILENT)


def test_what_was_said_off_the_record_is_stored_nowhere(article: Article, reporter: User) -> None:
    for terms, refusal in (("off-the-record", "no statement was kept"), ("disputed", "add no statement")):
        with pytest.raises(Refused, match=refusal) as refused:
            receive(article, reporter, answer(terms=terms))
        assert "We hear you" not in str(refused.value)
    assert not DeskRecord.objects.exists()
    receive(article, reporter, answer("", terms="off-the-record"))
    assert (DeskRecord.objects.get().terms, ContactAttempt.objects.get().summary) == ("off-the-record", "")


def test_a_statement_is_stored_once_and_a_later_one_on_the_same_terms_below_it(
    article: Article, reporter: User
) -> None:
    for minute in (30, 30, 31):
        receive(article, reporter, answer(minute=minute))
    receive(article, reporter, answer("And more.", minute=32))
    assert DeskRecord.objects.get().statement == "We hear you.\n\nAnd more."
    with pytest.raises(Refused, match="on other terms waits here"):
        receive(article, reporter, answer("But quietly.", terms="background", minute=33))


def test_while_terms_are_disputed_nothing_is_added(article: Article, reporter: User) -> None:
    receive(article, reporter, answer())
    receive(article, reporter, answer("", terms="disputed", minute=31))
    with pytest.raises(Refused, match="Decide on them first"):
        receive(article, reporter, answer("More.", minute=32))
    assert DeskRecord.objects.get().statement == "We hear you."

"""The desk's record of a request: its deadline, its contact, what was tried, and on which terms they spoke."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stories.actions.comment_desk.desk_records import (
    DeskRecordConflict,
    decide_terms,
    log_attempt,
    record_fingerprint,
    save_desk_record,
)
from stories.actions.errors import Refused
from stories.models import Article, ContactAttempt, DeskRecord, LedgerEntry, TermsDecision, User
from stories.models.roles import REPORTER
from stories.queries.story.snapshots import working_snapshot
from tests.factories import change, make_user, minutes

pytestmark = pytest.mark.django_db


def key_of(article: Article) -> UUID:
    return working_snapshot(article).comment_requests[0].key


def save(article: Article, user: User, **values: Any) -> DeskRecord:
    return save_desk_record(article=article, request_key=key_of(article), user=user, **values)


def log(record: DeskRecord, user: User, **values: Any) -> ContactAttempt:
    attempt = {"at": minutes(10), "channel": "phone", "terms": "on-the-record", "summary": "", **values}
    return log_attempt(record=record, user=user, **attempt)


def test_a_record_is_no_part_of_the_story(article: Article, reporter: User) -> None:
    entries = LedgerEntry.objects.count()
    record = save(article, reporter, deadline=minutes(60), contact="press@corvid.example")
    assert (record.party, record.deadline, record.contact) == (
        "Corvid Systems",
        minutes(60),
        "press@corvid.example",
    )
    assert LedgerEntry.objects.count() == entries


def test_what_is_left_out_stays_as_it_is(article: Article, reporter: User) -> None:
    save(article, reporter, deadline=minutes(60), contact="press@corvid.example")
    record = save(article, reporter, deadline=None)
    assert (record.deadline, record.contact) == (None, "press@corvid.example")
    assert DeskRecord.objects.count() == 1


def test_who_saves_over_another_is_refused_and_gets_the_stored_record(
    article: Article, reporter: User, editor: User
) -> None:
    seen = record_fingerprint(None)
    stored = save(article, editor, contact="first", seen=seen)
    with pytest.raises(DeskRecordConflict, match="Somebody else saved this record") as refused:
        save(article, reporter, contact="second", seen=seen)
    assert refused.value.record == stored
    assert DeskRecord.objects.get().contact == "first"
    save(article, reporter, contact="second", seen=record_fingerprint(stored))
    assert DeskRecord.objects.get().contact == "second"


def test_a_record_outlives_its_request_and_is_made_for_no_other(article: Article, reporter: User) -> None:
    key = key_of(article)
    save(article, reporter, contact="first")
    change(article, user=reporter, comment_requests=())
    save_desk_record(article=article, request_key=key, user=reporter, contact="second")
    assert DeskRecord.objects.get().contact == "second"
    with pytest.raises(Refused, match="no such comment request"):
        save_desk_record(article=article, request_key=uuid4(), user=reporter)


def test_another_reporter_keeps_no_record_of_it(article: Article, reporter: User) -> None:
    ruth = make_user(REPORTER, name="ruth")
    with pytest.raises(PermissionDenied):
        save(article, ruth)
    record = save(article, reporter)
    with pytest.raises(PermissionDenied):
        log(record, ruth)


def test_the_same_attempt_is_logged_once_and_another_beside_it(article: Article, reporter: User) -> None:
    record = save(article, reporter)
    assert log(record, reporter) == log(record, reporter)
    log(record, reporter, channel="email")
    assert [attempt.user_name for attempt in record.attempts.all()] == ["Rosa Reporter"] * 2


def test_an_attempt_off_the_record_has_no_words_and_one_of_no_channel_is_none(
    article: Article, reporter: User
) -> None:
    record = save(article, reporter)
    for values in ({"terms": "off-the-record", "summary": "He said it."}, {"channel": "pigeon"}):
        with pytest.raises(ValidationError):
            log(record, reporter, **values)
    assert not record.attempts.exists()


class TestDisputedTerms:
    @pytest.fixture
    def disputed(self, article: Article, reporter: User) -> DeskRecord:
        """A record with a statement whose terms were named only afterwards."""
        record = save(article, reporter, statement="We hear you.")
        log(record, reporter, answered=True, summary="They explained it.")
        log(record, reporter, at=minutes(20), terms="disputed", answered=True)
        return DeskRecord.objects.get()

    def test_the_statement_stays_until_an_editor_decides(self, disputed: DeskRecord, reporter: User) -> None:
        assert (disputed.terms, disputed.statement) == ("disputed", "We hear you.")
        with pytest.raises(PermissionDenied, match="for an editor to decide"):
            decide_terms(record=disputed, user=reporter, terms="background", reason="They asked for it")

    def test_on_background_it_can_be_used_again(self, disputed: DeskRecord, editor: User) -> None:
        decision = decide_terms(record=disputed, user=editor, terms="background", reason="They asked for it")
        assert (decision.user_name, decision.terms) == ("Emil Editor", "background")
        record = DeskRecord.objects.get()
        assert (record.terms, record.statement) == ("background", "We hear you.")

    def test_off_the_record_erases_what_they_said(self, disputed: DeskRecord, editor: User) -> None:
        decide_terms(record=disputed, user=editor, terms="off-the-record", reason="As they said")
        record = DeskRecord.objects.get()
        assert (record.terms, record.statement) == ("off-the-record", "")
        assert {attempt.summary for attempt in record.attempts.all()} == {""}

    def test_it_is_decided_once_with_a_reason_on_terms_that_decide(
        self, disputed: DeskRecord, editor: User
    ) -> None:
        with pytest.raises(Refused, match="Say why"):
            decide_terms(record=disputed, user=editor, terms="background", reason=" ")
        with pytest.raises(ValidationError):
            decide_terms(record=disputed, user=editor, terms="disputed", reason="As agreed")
        decide_terms(record=disputed, user=editor, terms="on-the-record", reason="As agreed")
        with pytest.raises(Refused, match="are not disputed"):
            decide_terms(record=disputed, user=editor, terms="background", reason="As agreed")
        assert TermsDecision.objects.count() == 1

    def test_where_nothing_was_said_on_the_record_nothing_can_be_disputed(
        self, article: Article, reporter: User
    ) -> None:
        record = save(article, reporter)
        with pytest.raises(Refused, match="can’t be disputed"):
            log(record, reporter, terms="disputed", answered=True)
        assert not record.attempts.exists()

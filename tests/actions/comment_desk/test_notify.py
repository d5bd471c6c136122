"""Mails on the comment desk: who is notified of what, and how little a mail says."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from stories.actions.comment_desk.desk_records import decide_terms, log_attempt, save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, record_outcome
from stories.actions.comment_desk.statements import Placement, PlacementStyle, place_statement
from stories.actions.editing.assignments import assign
from stories.domain.snapshot import RequestStatus
from stories.models import Article, ContactAttempt, DeskRecord, User
from stories.models.roles import EDITOR, REPORTER
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, make_user, minutes, request, wanted
from tests.outbox import mails_delivered

pytestmark = pytest.mark.django_db

# Every secret contains this word.
MARKER = "Xyzzy"
AT = minutes(60)


@pytest.fixture
def editor(db: None) -> User:
    return make_user(EDITOR, email="emil@example.org")


@pytest.fixture
def article(editor: User, settings: Settings) -> Article:
    """A draft assigned to the reporter, in which everything is secret."""
    settings.DESK_EMAIL = ["desk@example.org"]
    rosa = make_user(REPORTER, email="rosa@example.org")
    draft = begin(wanted(f"{MARKER} headline", comment_requests=(request(f"{MARKER} party"),)), user=editor)
    assign(article=draft, to=rosa, user=editor)
    return draft


class Steps:
    """The desk's actions, each as one call."""

    def __init__(self, article: Article, user: User) -> None:
        self.of: Any = {
            "article": article,
            "request_key": working_snapshot(article).comment_requests[0].key,
            "user": user,
        }

    def save_record(self, **values: Any) -> DeskRecord:
        return save_desk_record(**self.of, **values)

    def log(self, **values: Any) -> ContactAttempt:
        attempt: dict[str, Any] = {"at": AT, "channel": "phone", "terms": "on-the-record"}
        attempt |= {"summary": f"{MARKER} call"} | values
        return log_attempt(record=self.save_record(), user=self.of["user"], **attempt)

    def answer(self, **values: Any) -> None:
        answer = PartyAnswer(at=AT, channel="email", terms="on-the-record", statement=f"{MARKER} statement")
        outcome = RequestOutcome(status=RequestStatus.RECEIVED, responded_at=AT)
        record_outcome(**self.of, outcome=outcome, answer=answer)

    def dispute_and_decide(self) -> None:
        self.log(terms="disputed", answered=True)
        decide_terms(
            record=DeskRecord.objects.get(), user=self.of["user"], terms="background", reason=f"{MARKER} why"
        )

    def place(self) -> None:
        words = f"{MARKER} words"
        placement = Placement(
            key=request().key,
            style=PlacementStyle.QUOTE,
            words=words,
            speaker="A manager",
            unnamed_because="fear",
        )
        outcome = RequestOutcome(status=RequestStatus.RECEIVED, responded_at=AT)
        place_statement(**self.of, placement=placement, outcome=outcome)


def recipients_and_subjects(mails: list[EmailMessage]) -> list[tuple[str, str]]:
    return [(mail.to[0], mail.subject.removeprefix("Comment desk: ")) for mail in mails]


def test_whoever_has_the_story_and_the_desk_hear_of_every_step(
    article: Article,
    editor: User,
    mailoutbox: list[EmailMessage],
) -> None:
    steps = Steps(article, editor)
    both = ["rosa@example.org", "desk@example.org"]
    expected: list[tuple[Callable[[], object], list[str]]] = [
        (lambda: steps.save_record(deadline=AT, contact=f"{MARKER} contact"), ["a deadline was changed"]),
        (lambda: steps.save_record(contact="other"), []),
        (steps.log, ["an attempt was logged"]),
        (steps.answer, ["an answer was logged", "an outcome was recorded"]),
        (steps.dispute_and_decide, ["an answer was logged", "disputed terms were decided"]),
        (steps.place, ["an answer was put into a story"]),
    ]
    for act, subjects in expected:
        mailoutbox.clear()
        with mails_delivered():
            act()
            assert not mailoutbox, "a mail left before its change was committed"
        assert recipients_and_subjects(mailoutbox) == [
            (address, subject) for subject in subjects for address in both
        ]
        for mail in mailoutbox:
            whole = mail.message().as_string()
            assert MARKER not in whole
            assert "Emil Editor" in whole
            assert f"http://testserver/admin/stories/article/{article.pk}/requests/" in whole


def test_nobody_is_notified_of_what_they_did_themselves(
    article: Article,
    mailoutbox: list[EmailMessage],
    settings: Settings,
) -> None:
    settings.DESK_EMAIL = ["desk@example.org", "Rosa@example.org"]
    with mails_delivered():
        Steps(article, User.objects.get(email="rosa@example.org")).log()
    assert recipients_and_subjects(mailoutbox) == [("desk@example.org", "an attempt was logged")]


def test_who_has_no_address_or_has_left_hears_nothing(
    article: Article,
    editor: User,
    mailoutbox: list[EmailMessage],
    settings: Settings,
) -> None:
    settings.DESK_EMAIL = []
    User.objects.filter(email="rosa@example.org").update(is_active=False)
    with mails_delivered():
        Steps(article, editor).log()
    assert not mailoutbox


def test_an_attempt_that_is_logged_twice_is_stored_and_mailed_once(
    article: Article,
    editor: User,
    mailoutbox: list[EmailMessage],
) -> None:
    steps = Steps(article, editor)
    with mails_delivered():
        steps.log()
        steps.log()
    assert len(mailoutbox) == 2
    assert ContactAttempt.objects.count() == 1


def test_a_mail_server_that_is_down_fails_nothing_and_the_log_names_nobody(
    article: Article,
    editor: User,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: Any, **values: Any) -> None:
        raise ConnectionRefusedError("rosa@example.org is not known here")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with caplog.at_level(logging.WARNING), mails_delivered():
        Steps(article, editor).log()
    assert ContactAttempt.objects.count() == 1
    assert "could not be sent (ConnectionRefusedError)" in caplog.text
    assert "rosa@example.org" not in caplog.text
    assert MARKER not in caplog.text

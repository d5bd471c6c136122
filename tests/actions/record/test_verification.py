"""A verification's run is stored with what it found, and the auditors hear of findings without a story's words."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError

from stories.actions.record import verification as module
from stories.actions.record.verification import record_verification
from stories.models import Article, OutboxMessage, User, VerificationRun
from stories.models.roles import AUDITOR
from stories.queries.verification import Report, Verification
from tests.factories import MORNING, begin, make_user, minutes
from tests.outbox import deliver_mails
from tests.tampering import run as run_unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User, auditor: User) -> Article:
    make_user(AUDITOR, name="left", is_active=False)
    return begin(user=editor)


def run() -> VerificationRun:
    """Verify the record, and store the run."""
    verification, report = Verification(), Report()
    for finding in verification:
        report.add(finding)
    return record_verification(verification, report, started_at=MORNING, finished_at=minutes(1))


def tamper() -> None:
    run_unguarded("UPDATE stories_historicalarticle SET headline = 'Never said'")


def test_a_run_that_finds_nothing_is_stored_and_notifies_nobody(article: Article) -> None:
    stored = run()
    assert (stored.found, stored.findings, stored.entries, stored.sequence) == (0, [], 1, 1)
    assert (stored.started_at, stored.finished_at) == (MORNING, minutes(1))
    assert not OutboxMessage.objects.exists()


def test_what_it_found_goes_to_the_auditors_who_are_here_without_a_word_of_the_story(
    article: Article, mailoutbox: list[EmailMessage]
) -> None:
    tamper()
    stored = run()
    assert stored.found == len(stored.findings) > 0
    deliver_mails()
    (mail,) = mailoutbox
    assert mail.to == ["aldo@example.org"]
    assert mail.subject == "The Example Courier: the record does not verify"
    assert "Nothing was changed by it." in mail.body
    assert "/admin/audit/verification/" in mail.body
    for words in ("Never said", "Council hears objections"):
        assert words not in mail.body
        assert words not in str(stored.findings)


def test_the_alarm_leaves_even_if_the_database_can_not_be_written(
    article: Article, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: VerificationRun) -> None:
        raise DatabaseError("The disk is full.")

    tamper()
    monkeypatch.setattr(module, "append", refuse)
    with pytest.raises(DatabaseError, match="disk is full"):
        run()
    assert [mail.to for mail in mailoutbox] == [["aldo@example.org"]]
    assert not VerificationRun.objects.exists()

"""An older copy that was restored is accepted, by an entry of the ledger, and only then goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from stories.actions.actors import SystemActor
from stories.actions.errors import LedgerBehind, Refused
from stories.actions.record.published_heads import publish_head
from stories.actions.record.restoration import accept_restored_ledger
from stories.domain.published_head import PublishedHead
from stories.models import Article, LedgerEntry, Restoration, User
from stories.models.roles import AUDITOR
from stories.queries.ledger.heads import head
from stories.queries.ledger.published_heads import LedgerState, ledger_state, lost_head, read_head_file
from stories.queries.verification import Verification
from tests.factories import begin, change, make_user, minutes
from tests.older_copies import GONE, make_older
from tests.outbox import mails_delivered

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = SystemActor("a script")


@pytest.fixture
def article(heads: Path, editor: User) -> Article:
    return begin(user=editor)


def accept(reason: str = "The disk failed; Ada restored Monday’s backup") -> Restoration:
    return accept_restored_ledger(reason=reason, user=SCRIPT, at=minutes(60))


def test_an_accepted_copy_goes_on_and_its_entry_says_what_is_gone(article: Article, editor: User) -> None:
    kept = head()
    make_older(by=5)
    accepted = accept()
    entry = LedgerEntry.objects.get(sequence=2)
    payload = json.loads(entry.payload)
    assert (entry.kind, entry.user_name, entry.article_id, payload["generation"]) == (
        "restored",
        "a script",
        None,
        1,
    )
    assert (payload["lost"], payload["kept"]) == ([6, GONE], list(kept))
    assert accepted.reason in entry.words.text
    assert "disk" not in entry.payload
    change(article, user=editor, dek="More", at=minutes(61))
    assert [finding.with_values() for finding in Verification()] == []


def test_auditors_are_notified_that_entries_are_gone_and_of_nothing_that_was_said_of_it(
    article: Article, mailoutbox: list[EmailMessage]
) -> None:
    make_user(AUDITOR, name="agnes")
    make_older(by=5)
    with mails_delivered():
        accept("The disk failed; Ada restored Monday’s backup")
    (mail,) = mailoutbox
    assert mail.to == ["agnes@example.org"]
    assert "after entry 1, and entry 6" in mail.body
    assert f"{reverse('audit:entry', args=[2])}" in mail.body
    assert "disk" not in mail.body


def test_an_accepted_copy_is_the_newest_that_was_published(article: Article) -> None:
    make_older(by=5)
    accept()
    state = ledger_state()
    assert state is not None
    assert read_head_file(state.name) == state.head == PublishedHead(1, 2, head()[1])


def test_another_host_whose_file_still_has_what_is_gone_goes_on_too(
    article: Article, editor: User, heads: Path
) -> None:
    lost = make_older(by=5)
    state = ledger_state()
    assert state is not None
    accept()
    (path,) = heads.iterdir()
    path.unlink()
    publish_head(LedgerState(state.name, lost))
    assert lost_head() is None
    change(article, user=editor, dek="More", at=minutes(61))


def test_what_was_given_up_does_not_come_back(article: Article, editor: User) -> None:
    """As if the lost database had been found again after the newsroom had gone on from an older copy."""
    state = ledger_state()
    assert state is not None
    publish_head(LedgerState(state.name, PublishedHead(1, 1, GONE)))
    with pytest.raises(LedgerBehind):
        change(article, user=editor, dek="More", at=minutes(61))


def test_a_second_older_copy_is_accepted_by_itself(article: Article, editor: User) -> None:
    make_older(by=5)
    accept()
    make_older(by=3)
    with pytest.raises(LedgerBehind):
        change(article, user=editor, dek="More", at=minutes(61))
    accepted = accept()
    assert (accepted.generation, accepted.kept_sequence, accepted.lost_sequence) == (2, 2, 5)
    change(article, user=editor, dek="More", at=minutes(61))
    assert [finding.with_values() for finding in Verification()] == []


def test_nothing_is_accepted_while_nothing_is_lost(article: Article) -> None:
    with pytest.raises(Refused, match="There is nothing to accept"):
        accept()
    assert not Restoration.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_accepted_without_a_reason(article: Article, reason: str) -> None:
    make_older()
    with pytest.raises(Refused, match="Say why"):
        accept(reason)
    assert not Restoration.objects.exists()


def test_an_acceptance_that_is_undone_lets_nothing_go_on(article: Article, editor: User) -> None:
    make_older()
    with transaction.atomic():
        accept()
        transaction.set_rollback(True)
    with pytest.raises(LedgerBehind):
        change(article, user=editor, dek="More", at=minutes(61))

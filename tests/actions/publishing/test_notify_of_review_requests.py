"""Mails on offers for review: who is notified of one, who of its outcome, and how little a mail says."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from stories.actions.editing.assignments import assign
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.publishing.review_requests import offer, take_back
from stories.models import Article, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.story.snapshots import snapshot_at
from tests import factories as make
from tests.outbox import mails_delivered

pytestmark = pytest.mark.django_db
AT = make.minutes(60)
# Every word of the story and of the remarks on it.
MARKER = "Xyzzy"


@pytest.fixture
def rosa(db: None) -> User:
    return make.make_user(REPORTER, email="rosa@example.org")


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR, email="emil@example.org")


@pytest.fixture(autouse=True)
def others(db: None) -> None:
    make.make_user(MANAGING_EDITOR, email="maya@example.org")
    make.make_user(AUDITOR, email="aldo@example.org")
    make.make_user(EDITOR, name="gone", email="gone@example.org", is_active=False)


@pytest.fixture
def draft(rosa: User) -> Article:
    return make.begin(make.wanted(f"{MARKER} headline"), user=rosa)


def recipients_and_subjects(mails: list[EmailMessage]) -> set[tuple[str, str]]:
    assert len({mail.to[0] for mail in mails}) == len(mails)
    return {(mail.to[0], mail.subject.removeprefix("The desk: ")) for mail in mails}


def test_who_may_publish_hears_of_an_offer_and_of_nothing_in_it(
    draft: Article,
    rosa: User,
    emil: User,
    mailoutbox: list[EmailMessage],
) -> None:
    with mails_delivered():
        offer(article=draft, revision=1, user=rosa, reason=f"{MARKER} is checked.", at=AT)
        assert not mailoutbox, "a mail left before its change was committed"
    subject = "a story waits for review"
    assert recipients_and_subjects(mailoutbox) == {
        ("emil@example.org", subject),
        ("maya@example.org", subject),
    }
    for mail in mailoutbox:
        whole = mail.message().as_string()
        assert "Rosa Reporter sent a story for review." in whole
        assert f"http://testserver/admin/stories/article/{draft.pk}/offer/" in whole
        assert MARKER not in whole


def test_who_offered_a_story_and_who_has_it_hear_that_it_is_given_back(
    draft: Article,
    rosa: User,
    emil: User,
    mailoutbox: list[EmailMessage],
) -> None:
    rolf = make.make_user(REPORTER, name="rolf", email="rolf@example.org")
    assign(article=draft, to=rolf, user=emil)
    offer(article=draft, revision=1, user=rosa, at=AT)
    with mails_delivered():
        take_back(article=draft, user=emil, reason=f"{MARKER}: ask the council.", at=AT)
    subject = "a story is sent back to you"
    assert recipients_and_subjects(mailoutbox) == {
        ("rosa@example.org", subject),
        ("rolf@example.org", subject),
    }
    assert all(MARKER not in mail.message().as_string() for mail in mailoutbox)


@pytest.mark.parametrize(("in_minutes", "subject"), [(0, "published"), (30, "scheduled")])
def test_who_offered_a_story_hears_that_it_is_taken_up(
    draft: Article,
    rosa: User,
    emil: User,
    mailoutbox: list[EmailMessage],
    in_minutes: int,
    subject: str,
) -> None:
    offer(article=draft, revision=1, user=rosa, at=AT)
    with mails_delivered():
        publish(article=draft, revision=1, user=emil, live_from=make.minutes(60 + in_minutes), at=AT)
    assert recipients_and_subjects(mailoutbox) == {
        ("rosa@example.org", f"what you sent for review is {subject}")
    }


def test_nobody_hears_of_what_they_did_themselves_or_of_an_offer_taken_back(
    draft: Article,
    rosa: User,
    emil: User,
    mailoutbox: list[EmailMessage],
) -> None:
    with mails_delivered():
        offer(article=draft, revision=1, user=emil, at=AT)
        assert recipients_and_subjects(mailoutbox) == set()
    assert recipients_and_subjects(mailoutbox) == {("maya@example.org", "a story waits for review")}
    mailoutbox.clear()
    with mails_delivered():
        take_back(article=draft, user=emil, at=AT)
        publish(article=draft, revision=1, user=emil, at=AT)
    assert not mailoutbox


def test_a_fix_of_what_is_live_takes_up_no_offer_of_edits_that_wait(
    draft: Article,
    rosa: User,
    emil: User,
    mailoutbox: list[EmailMessage],
) -> None:
    make.go_live(draft, user=emil)
    make.change(draft, user=emil, dek="Offered words.")
    offer(article=draft, revision=2, user=rosa, at=AT)
    with mails_delivered():
        for count in range(2):
            live = snapshot_at(draft.pk, 1)
            note = make.note(f"Mended {count}.")
            fix(article=draft, story=live, base=1, user=emil, notes=[note], at=make.minutes(70 + count))
    assert not mailoutbox
    draft.refresh_from_db()
    assert draft.story_status.offered_at == AT

"""A database that is an older copy is found, and every older copy that was accepted is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from stories.actions.actors import SystemActor
from stories.actions.record.published_heads import publish_head
from stories.actions.record.restoration import accept_restored_ledger
from stories.domain.published_head import PublishedHead
from stories.models import Article, User
from stories.queries.ledger.published_heads import LedgerState, head_file, ledger_state
from stories.queries.verification import Finding, Kind, Verification, listed_restorations
from tests.factories import begin, change, minutes
from tests.older_copies import GONE, make_older
from tests.tampering import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(heads: Path, editor: User) -> Article:
    story = begin(user=editor)
    state = ledger_state()
    assert state is not None
    publish_head(state)
    return story


def found() -> list[Finding]:
    return list(Verification())


def accept() -> None:
    make_older(by=5)
    accept_restored_ledger(reason="The disk failed", user=SystemActor("a script"), at=minutes(60))


def test_a_database_behind_what_was_published_is_found(story: Article) -> None:
    assert found() == []
    make_older(by=5)
    (finding,) = found()
    assert finding.kind is Kind.PUBLISHED_HEAD
    assert str(finding) == (
        f"Entry 6: it was published as {GONE}, and the database is behind: it ends with entry 1."
    )


def test_a_database_that_went_on_from_an_older_copy_is_found(story: Article) -> None:
    make_older(by=0)
    (finding,) = found()
    assert (finding.sequence, finding.kind) == (1, Kind.PUBLISHED_HEAD)
    assert "has another entry there" in finding.message


def test_a_file_that_can_not_be_read_is_found(story: Article) -> None:
    state = ledger_state()
    assert state is not None
    head_file(state.name).write_text("half a")
    (finding,) = found()
    assert finding.kind is Kind.PUBLISHED_HEAD
    assert str(head_file(state.name)) in finding.message


def test_an_empty_database_is_behind_nothing(heads: Path, db: None) -> None:
    publish_head(LedgerState("ef" * 32, PublishedHead(0, 500, GONE)))
    assert found() == []


def test_an_accepted_copy_is_whole_and_listed(story: Article, editor: User) -> None:
    accept()
    change(story, user=editor, dek="More", at=minutes(61))
    verification = Verification()
    assert list(verification) == []
    (listed,) = verification.restorations
    assert listed == listed_restorations()[0]
    assert listed.sentence() == (
        f"Entry 2 of 2026-03-02, by a script: an older copy that ends with entry 1 was accepted, and 5 published "
        f"entries up to 6 ({GONE}) are gone."
    )
    assert listed.as_data()["lost"] == 6


def test_a_copy_that_ends_no_earlier_is_listed_as_another_one(story: Article) -> None:
    make_older(by=0)
    accept_restored_ledger(reason="The disk failed", user=SystemActor("a script"), at=minutes(60))
    (listed,) = listed_restorations()
    assert (
        "another copy that ends with entry 1 was accepted, and the published entry 1 (" in listed.sentence()
    )


@pytest.mark.parametrize(
    ("change_of_row", "said"),
    [
        ("kept_sequence = 0", "does not follow the entry that it says the copy ended with."),
        (f"kept_digest = '{GONE}'", "does not follow the entry that it says the copy ended with."),
        ("generation = 0", "does not have a greater generation than the one before."),
    ],
)
def test_an_acceptance_that_no_action_wrote_is_found(story: Article, change_of_row: str, said: str) -> None:
    accept()
    run(f"UPDATE stories_restoration SET {change_of_row}")  # noqa: S608 - our own words
    assert [each.message.rpartition(") ")[2] for each in found() if each.kind is Kind.RESTORATION] == [said]


def test_an_acceptance_that_is_taken_away_is_found(story: Article) -> None:
    accept()
    run("DELETE FROM stories_restoration")
    assert (2, Kind.EVENT) in [(each.sequence, each.kind) for each in found()]

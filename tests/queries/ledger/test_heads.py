"""Whatever is done to the record behind the actions' back, verification names it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from stories.actions.editing.revise import revise
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
from stories.models import Article, LedgerEntry, Revision, User
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.roles import EDITOR
from stories.queries.ledger.heads import head
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests import factories as make
from tests.tampering import execute, run, without_any_guard


def findings() -> list[str]:
    return [str(finding) for finding in Verification()]


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    """A story with a row of every kind, several revisions, and one event of every kind."""
    note = make.note("Ten, not eleven.", was="eleven", now="ten")
    story = make.wanted(
        "Council hears objections",
        make.text(),
        make.quote(said_on=date(2026, 3, 1), source="a transcript", source_url="https://example.org/"),
        make.quote(
            speaker="", anonymous=True, description="an employee", anonymity_reason="for fear of reprisal"
        ),
        make.embed(),
        dek="Staff object",
        section=make.make_section().pk,
        bylines=(make.byline(make.make_author()),),
        comment_requests=(make.request(),),
    )
    article = make.begin(story, user=emil)
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(note,), at=make.minutes(1))
    set_embargo(article=article, until=make.minutes(20), user=emil, reason="Promised", at=make.minutes(1))
    pending = make.go_live(article, user=emil, live_from=make.minutes(30), at=make.minutes(2))
    cancel(publication=pending, user=emil, reason="Not yet", at=make.minutes(3))
    make.change(article, user=emil, blocks=(), at=make.minutes(4))
    return article


def test_an_untouched_record_verifies(article: Article) -> None:
    verification = Verification()
    assert list(verification) == []
    stored = sum(history_model(model).objects.count() for model in TRACKED_MODELS)
    assert (verification.entries, verification.rows) == (7, stored)
    assert head() == (7, verification.head.hex())


def test_the_ledger_holds_no_word_that_people_wrote(article: Article) -> None:
    held = "".join(LedgerEntry.objects.values_list("payload", flat=True))
    for words in ("Not yet", "Promised", "began", "Council", "met on Monday", "reprisal", "eleven"):
        assert words not in held
    assert "Emil Editor" in held


def test_an_empty_ledger_verifies(db: None) -> None:
    assert findings() == []
    assert head() == (0, "0" * 64)


TAMPERING: dict[str, tuple[str, str]] = {
    "a reason": (
        "UPDATE stories_revision SET reason = 'another' WHERE number = 2",
        "Entry 3: what its revision (row ",
    ),
    "a name": ("UPDATE stories_revision SET user_name = 'Nobody' WHERE number = 1", "Entry 1: its revision"),
    "a revision's number": (
        "UPDATE stories_revision SET number = 9 WHERE number = 3",
        "Entry 7: its revision",
    ),
    "a time to go live": (
        "UPDATE stories_publication SET live_from = recorded_at WHERE base_id IS NOT NULL",
        "Entry 5: its publication",
    ),
    "a class": ("UPDATE stories_publication SET publication_class = 'imported'", "Entry 2: its publication"),
    "a cancellation undone": ("DELETE FROM stories_cancellation", "Entry 6: the cancellation that"),
    "an embargo's end": ("UPDATE stories_embargo SET until = recorded_at", "Entry 4: its embargo"),
    "a published note": (
        "UPDATE stories_publishednote SET text = 'Softened.'",
        "Entry 5: what lists show",
    ),
    "a headline in lists": (
        "UPDATE stories_publicationcard SET headline = 'Another'",
        "Entry 2: what lists show",
    ),
    "a working headline": (
        "UPDATE stories_article SET headline = 'Tampered'",
        "is not as its history has it: headline.",
    ),
    "a working row removed": ("DELETE FROM stories_updatenote", "is gone, but its history does not say so"),
    "a payload of another shape": (
        "UPDATE stories_ledgerentry SET payload = '{\"rows\":5}' WHERE sequence = 2",
        "Entry 2: its payload is not the canonical JSON",
    ),
    "a payload": (
        "UPDATE stories_ledgerentry SET payload = replace(payload, 'Emil', 'Emma') WHERE sequence = 1",
        "Entry 1: its digest",
    ),
    "a payload's form": (
        "UPDATE stories_ledgerentry SET payload = payload || ' ' WHERE sequence = 2",
        "Entry 2: its digest",
    ),
    "a payload that is no JSON": (
        "UPDATE stories_ledgerentry SET payload = '{' WHERE sequence = 2",
        "Entry 2: its payload is not the canonical JSON",
    ),
    "an entry's kind": (
        "UPDATE stories_ledgerentry SET kind = 'import' WHERE sequence = 2",
        "Entry 2: its column kind",
    ),
    "an entry removed": ("DELETE FROM stories_ledgerentry WHERE sequence = 3", "Entry 3: it is missing"),
    "the first entry removed": (
        "DELETE FROM stories_entrytext WHERE entry_id = 1; DELETE FROM stories_ledgerentry WHERE sequence = 1",
        "Entry 1: it is missing",
    ),
    "the tail cut off": (
        "DELETE FROM stories_ledgerentry WHERE sequence = 7",
        "no entry of the ledger covers: stories_historical",
    ),
    "a history row removed": (
        "DELETE FROM stories_historicaltextblock WHERE history_type = '-'",
        "Entry 7: the history of textblock",
    ),
    "a history row slipped in": (
        (
            "INSERT INTO stories_historicalbyline (history_id, id, parent_id, key, ordering, author_id, credited_as, "
            "history_date, history_type, revision, salt) SELECT 999, id, parent_id, key, ordering, author_id, 'Ghost', "
            "history_date, '~', revision, salt FROM stories_historicalbyline WHERE history_type = '+'"
        ),
        "no entry of the ledger covers: stories_historicalbyline (1: 999).",
    ),
}


def test_what_is_done_behind_the_actions_back_is_named(article: Article) -> None:
    for sql, expected in TAMPERING.values():
        with transaction.atomic():
            for statement in sql.split("; "):
                run(statement)
            found = findings()
            transaction.set_rollback(True)
        assert any(expected in finding for finding in found), (sql, found)
    assert findings() == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps no text that is no UUID")
def test_a_row_that_no_longer_reads_as_one_is_named_too(article: Article) -> None:
    with without_any_guard():
        execute("UPDATE stories_historicalbyline SET key = 'zz' WHERE history_type = '+'")
        found = findings()
    assert any("Entry 1: the history of byline" in finding for finding in found), found


def test_the_command_names_the_first_entry_that_fails_and_exits_with_an_error(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_ledger", verbosity=0)
    assert "The ledger verifies: 7 entries" in capsys.readouterr().out
    run("UPDATE stories_revision SET reason = 'another' WHERE number = 2")
    with pytest.raises(CommandError, match="1 findings in 7 entries"):
        call_command("verify_ledger", verbosity=0)
    assert capsys.readouterr().err.startswith("Entry 3: ")


def test_the_ledger_holds_no_text_of_a_story(article: Article) -> None:
    payloads = "".join(LedgerEntry.objects.values_list("payload", flat=True))
    for words in ("council met", "hear you", "Dana", "an employee", "Staff object", "Ten, not", "Corvid"):
        assert words not in payloads


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stories", [1, 3])
def test_eight_writers_at_once_leave_one_unbroken_chain(stories: int) -> None:
    emil = make.make_user(EDITOR)
    articles = [make.begin(make.wanted(f"Story {number}"), user=emil) for number in range(stories)]
    start = threading.Barrier(8)
    errors: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            start.wait()
            for turn in range(5):
                article = articles[(writer + turn) % stories]
                append_a_paragraph(article, emil, f"<p>Writer {writer}, turn {turn}.</p>")
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert findings() == []
    assert LedgerEntry.objects.count() == stories + 40
    for article in articles:
        numbers = list(
            Revision.objects.filter(article=article).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))
    assert Revision.objects.count() == stories + 40


def append_a_paragraph(article: Article, user: User, html: str) -> None:
    """Save a block of one's own on top of the first revision: every save merges with all saved since."""
    base = snapshot_at(article.pk, 1)
    revise(article=article, story=replace(base, blocks=(*base.blocks, make.text(html))), base=1, user=user)

"""What a run checks, and as of which moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Article, LedgerEntry
from stories.models.roles import EDITOR
from stories.queries.verification import Finding, Verification, run
from stories.queries.verification.ledger import readable
from stories.queries.verification.ledger.daily_heads import check_last_head
from tests import factories as make
from tests.tampering import execute, run as tamper, tampered


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    emil = make.make_user(EDITOR)
    article = make.begin(user=emil)

    def write() -> None:
        try:
            make.change(article, user=emil, dek="Written meanwhile")
        finally:
            connection.close()

    def after_somebody_wrote() -> Iterator[Finding]:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return check_last_head()

    monkeypatch.setattr("stories.queries.verification.run.check_last_head", after_somebody_wrote)
    verification = Verification()
    assert [str(finding) for finding in verification] == []
    assert verification.entries == 1
    assert LedgerEntry.objects.count() == 2
    assert not connection.in_atomic_block


def test_a_late_start_looks_at_the_stories_since_alone(article: Article, emil: Any) -> None:
    other = make.begin(make.wanted("Another story"), user=emil, at=make.minutes(90_000))
    newest = LedgerEntry.objects.count()
    tamper("UPDATE stories_article SET headline = 'Tampered' WHERE id = %s", article.pk)
    assert list(Verification(since=newest)) == []
    tamper("UPDATE stories_article SET headline = 'Tampered' WHERE id = %s", other.pk)
    (finding,) = Verification(since=newest)
    assert f"row {other.pk} of stories_article" in str(finding)
    assert len(list(Verification())) == 2


def test_entries_are_read_some_at_a_time_and_chained_across(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "AT_ONCE", 2)
    monkeypatch.setattr(run, "STORIES_AT_ONCE", 1)
    verification = Verification()
    assert list(verification) == []
    assert verification.entries == LedgerEntry.objects.count()
    # The last of a chunk: the next does not follow from it any more.
    tamper("UPDATE stories_ledgerentry SET payload = replace(payload, 'Emil', 'Emma') WHERE sequence = 4")
    assert 4 in {finding.sequence for finding in Verification()}


def test_a_story_of_which_only_its_history_is_left_is_named(article: Article) -> None:
    with tampered():
        execute("DELETE FROM stories_article WHERE id = %s", article.pk)
        found = [str(finding) for finding in Verification()]
    assert any(f"(row {article.pk} of stories_article) is gone" in finding for finding in found)


@pytest.mark.django_db
def test_its_queries_do_not_grow_with_the_entries(django_assert_num_queries: Any) -> None:
    emil = make.make_user(EDITOR)
    article = make.begin(user=emil)
    make.change(article, user=emil, dek="First")
    with CaptureQueriesContext(connection) as counted:
        assert list(Verification()) == []
    for number in range(10):
        make.change(article, user=emil, dek=f"Dek {number}")
    with django_assert_num_queries(len(counted)):
        assert list(Verification()) == []

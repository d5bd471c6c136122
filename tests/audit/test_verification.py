"""The audit desk's page of verifications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stories.actions.actors import SystemActor
from stories.actions.record.restoration import accept_restored_ledger
from stories.audit.verification import RUNS_AT_ONCE
from stories.models import VerificationRun
from stories.models.record.recording import append
from stories.models.roles import AUDITOR, EDITOR
from tests import factories as make
from tests.older_copies import make_older

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ADDRESS = "/admin/audit/verification/"


def make_run(number: int, **values: Any) -> None:
    at = make.minutes(number * 24 * 60)
    sums = {"entries": number, "rows": 1, "sequence": number, "digest": f"{number:064}", "found": 0}
    append(VerificationRun(**{"started_at": at, "finished_at": at, **sums, **values}))


@pytest.fixture
def aldo(client: Client) -> Client:
    client.force_login(make.make_user(AUDITOR))
    return client


def test_runs_are_shown_newest_first_with_what_they_found(aldo: Client) -> None:
    make_run(1)
    make_run(2, found=120, since=2, findings=[[7, "its digest is <b>off</b>."], [None, "A file is gone."]])
    page = aldo.get(ADDRESS).content.decode()
    assert page.index("120 findings") < page.index("the record is whole")
    assert "<b>Entry 7</b>:" in page
    assert "its digest is &lt;b&gt;off&lt;/b&gt;." in page
    assert "A file is gone." in page
    assert "The first 2 are shown" in page
    assert "Begun with entry 2: what is older was trusted." in page


def test_before_the_first_run_it_says_what_to_do(aldo: Client) -> None:
    assert "The record was never verified." in aldo.get(ADDRESS).content.decode()


def test_its_queries_do_not_grow_with_the_runs(aldo: Client, django_assert_num_queries: Any) -> None:
    make_run(1)
    # Session, user, two of permissions, the outbox, the accepted copies, the count and the runs.
    with django_assert_num_queries(8):
        aldo.get(ADDRESS)
    for number in range(2, RUNS_AT_ONCE + 5):
        make_run(number)
    with django_assert_num_queries(8):
        page = aldo.get(ADDRESS).content.decode()
    assert 'href="?page=2"' in page
    assert aldo.get(f"{ADDRESS}?page=2").content.decode().count("<section") == 4


def test_older_copies_that_were_accepted_are_listed_with_their_entries(aldo: Client, heads: Path) -> None:
    make.begin(user=make.make_user(EDITOR))
    assert "Older copies" not in aldo.get(ADDRESS).content.decode()
    make_older()
    accept_restored_ledger(reason="The disk failed", user=SystemActor("a script"))
    page = aldo.get(ADDRESS).content.decode()
    assert "Older copies that were restored and accepted" in page
    assert "an older copy that ends with entry 1 was accepted, and 5 published entries" in page
    assert '<a href="/admin/audit/ledger/2/">' in page
    entry = aldo.get("/admin/audit/ledger/2/").content.decode()
    assert (
        "accepted an older copy of the database, which ends with entry 1: entries up to 6 are gone" in entry
    )
    assert "The disk failed" in entry


def test_it_is_for_who_may_read_the_ledger(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    client.force_login(make.make_user(EDITOR))
    assert client.get(ADDRESS).status_code == 403


def test_it_takes_nothing(aldo: Client) -> None:
    aldo.post(ADDRESS, {"found": "0"})
    assert not VerificationRun.objects.exists()

"""The worker, the nightly verification, and people who can act."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from stories.domain.published_head import PublishedHead
from stories.models import OutboxMessage
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.health import work
from stories.queries.health.checks import State
from stories.queries.health.work import (
    check_auditors,
    check_ledger_head,
    check_people,
    check_second_factors,
    check_verification,
    check_worker,
)
from tests.factories import make_user, minutes
from tests.factors import give_app, give_codes
from tests.tampering import run

pytestmark = pytest.mark.django_db


def enqueue(due: datetime, error: str = "") -> None:
    OutboxMessage.objects.create(kind="mail", payload={}, due_at=due, next_try_at=due, error=error)


class TestWorker:
    def test_nothing_that_waits_is_ok(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        enqueue(minutes(0))
        with django_assert_num_queries(2):
            assert check_worker(minutes(4)).state is State.OK

    def test_what_nobody_tried_to_send_is_wrong(self) -> None:
        enqueue(minutes(0))
        found = check_worker(minutes(6))
        assert found.state is State.WRONG
        assert "deliver --watch" in found.remedy

    def test_what_could_not_be_sent_is_a_warning_that_says_why(self) -> None:
        enqueue(minutes(0), error="ConnectionRefusedError")
        found = check_worker(minutes(6))
        assert found.state is State.WARNING
        assert found.found.endswith("ConnectionRefusedError")


class TestVerification:
    def test_never_is_a_warning(self) -> None:
        assert check_verification(timezone.now()).found == "The record was never verified."

    def test_one_that_held_is_ok_for_a_day_and_a_half(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        call_command("verify_ledger", verbosity=0, stdout=StringIO())
        with django_assert_num_queries(1):
            assert check_verification(timezone.now()).state is State.OK
        assert check_verification(timezone.now() + timedelta(hours=37)).state is State.WARNING

    def test_one_that_found_something_is_wrong(self) -> None:
        call_command("verify_ledger", verbosity=0, stdout=StringIO())
        run("UPDATE stories_verificationrun SET found = 2")
        assert check_verification(timezone.now()).state is State.WRONG


class TestPeople:
    def test_an_active_managing_editor_is_needed(self) -> None:
        make_user(EDITOR)
        assert check_people().state is State.WRONG
        maya = make_user(MANAGING_EDITOR)
        assert check_people().state is State.OK
        maya.is_active = False
        maya.save()
        assert check_people().state is State.WRONG

    def test_one_who_is_invited_is_waited_for_and_their_link_not_voided(self) -> None:
        call_command("first_editor", "Ada First", "ada@example.org", stdout=StringIO())
        found = check_people()
        assert found.state is State.WRONG
        assert found.remedy.startswith("Let them open their link.")


class TestAuditors:
    def test_that_there_is_none_is_a_warning_until_one_came(self) -> None:
        make_user(MANAGING_EDITOR)
        found = check_auditors()
        assert found.state is State.WARNING
        assert "first_editor --auditor" in found.remedy
        call_command("first_editor", "Ida Inspector", "ida@example.org", auditor=True, stdout=StringIO())
        assert check_auditors().remedy.startswith("Let them open their link.")
        make_user(AUDITOR)
        assert check_auditors().state is State.OK


class TestSecondFactors:
    def test_that_nobody_must_have_one_is_a_warning(self) -> None:
        found = check_second_factors()
        assert found.state is State.WARNING
        assert "REQUIRE_SECOND_FACTOR" in found.remedy

    def test_those_who_must_have_one_and_have_none_are_counted(self, settings: Settings) -> None:
        settings.REQUIRE_SECOND_FACTOR = True
        make_user(REPORTER)
        editor, chief = make_user(EDITOR), make_user(name="chief", is_superuser=True)
        make_user(MANAGING_EDITOR, is_active=False)
        give_codes(editor)
        assert check_second_factors().found.startswith("2 accounts must have one and have none")
        for user in (editor, chief):
            give_app(user)
        assert check_second_factors().state is State.OK


class TestLedgerHead:
    def test_that_none_is_kept_is_a_warning(self) -> None:
        assert check_ledger_head().state is State.WARNING

    def test_an_older_copy_is_wrong_and_the_way_out_is_named(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.LEDGER_HEADS = tmp_path
        assert check_ledger_head().state is State.OK
        monkeypatch.setattr(work, "lost_head", lambda: PublishedHead(0, 12, "00" * 32))
        found = check_ledger_head()
        assert found.state is State.WRONG
        assert "Entry 12 was published" in found.found
        assert "accept_restored_ledger" in found.remedy

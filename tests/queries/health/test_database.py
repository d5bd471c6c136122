"""The database's clock, migrations, rights and statistics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from stories.queries.health import database
from stories.queries.health.checks import State
from stories.queries.health.database import (
    check_clock,
    check_encoding,
    check_migrations,
    check_rights,
    check_statistics,
    time_limit,
)
from tests.tampering import execute

pytestmark = pytest.mark.django_db


class TestClock:
    def test_a_clock_that_agrees_is_ok(self) -> None:
        assert check_clock().state is State.OK

    @pytest.mark.postgres
    @pytest.mark.parametrize(
        ("off", "sentence"),
        [
            (timedelta(hours=2), "This host's clock is 7200.0 s ahead of the database's."),
            (timedelta(hours=-2), "This host's clock is 7200.0 s behind the database's."),
        ],
    )
    def test_a_difference_of_more_than_a_second_is_wrong(
        self, monkeypatch: pytest.MonkeyPatch, off: timedelta, sentence: str
    ) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + off)
        found = check_clock()
        assert found.state is State.WRONG
        assert found.found[:40] == sentence[:40]

    @pytest.mark.postgres
    def test_a_slow_answer_is_no_difference(self, monkeypatch: pytest.MonkeyPatch) -> None:
        times = iter([datetime.now(UTC) - timedelta(seconds=4), datetime.now(UTC) + timedelta(seconds=4)])
        monkeypatch.setattr(timezone, "now", lambda: next(times))
        assert check_clock().state is State.OK


class TestEncoding:
    def test_letters_of_every_language_are_ok(self) -> None:
        assert check_encoding().state is State.OK

    @pytest.mark.postgres
    @pytest.mark.parametrize(
        ("answer", "state"), [("'SQL_ASCII', true", State.WRONG), ("'UTF8', false", State.WARNING)]
    )
    def test_a_database_of_english_letters_is_not(self, answer: str, state: State) -> None:
        def answered(execute: Any, _sql: str, params: Any, many: bool, context: Any) -> Any:
            return execute(f"SELECT {answer}", params, many, context)

        with connection.execute_wrapper(answered):
            found = check_encoding()
        assert found.state is state
        assert "ENCODING 'UTF8'" in found.remedy


class TestMigrations:
    def test_all_applied_is_ok(self) -> None:
        assert check_migrations().state is State.OK

    def test_one_that_is_missing_is_wrong(self) -> None:
        MigrationRecorder.Migration.objects.filter(app="stories").order_by("-pk")[0].delete()
        assert check_migrations().state is State.WRONG

    def test_one_of_a_newer_release_is_a_warning(self) -> None:
        MigrationRecorder(connection).record_applied("stories", "9999_of_tomorrow")
        assert check_migrations().state is State.WARNING

    def test_one_of_an_app_that_is_gone_is_nothing(self) -> None:
        MigrationRecorder(connection).record_applied("long_gone", "0001_initial")
        assert check_migrations().state is State.OK


@pytest.fixture
def role() -> Iterator[str]:
    """Act as a role that owns nothing."""
    # Roles belong to the server, which other tests' databases share.
    name = f"health of {connection.settings_dict['NAME']}"
    execute(f'CREATE ROLE "{name}"')
    yield name
    execute("RESET ROLE")


def granted(role: str) -> None:
    out = StringIO()
    call_command("grants", role, stdout=out)
    for statement in out.getvalue().split(";\n"):
        if statement not in ("BEGIN", "COMMIT", ""):
            execute(statement)


@pytest.mark.postgres
class TestRights:
    def test_a_superuser_is_wrong(self) -> None:
        found = check_rights()
        assert (found.state, found.found) == (
            State.WRONG,
            "The site connects as a superuser, whom no guard stops.",
        )

    def test_the_role_that_was_given_what_grants_prints_is_ok(self, role: str) -> None:
        granted(role)
        execute(f'SET ROLE "{role}"')
        assert check_rights().state is State.OK

    @pytest.mark.parametrize(
        ("before", "sentence"),
        [
            ('ALTER ROLE "{}" CREATEROLE', "may make roles"),
            ('ALTER TABLE stories_revision OWNER TO "{}"', "owns tables"),
            ('GRANT DELETE ON stories_revision TO "{}"', "change or empty 1 tables"),
            ('GRANT TRUNCATE, TRIGGER ON stories_ledgerentry TO "{}"', "change or empty 1 tables"),
            ('REVOKE INSERT ON stories_outboxmessage FROM "{}"', "may not read or add to 1 tables"),
        ],
    )
    def test_more_or_less_is_wrong(self, role: str, before: str, sentence: str) -> None:
        granted(role)
        execute(before.format(role))
        execute(f'SET ROLE "{role}"')
        found = check_rights()
        assert found.state is State.WRONG
        assert sentence in found.found


def test_sqlite_knows_no_roles() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("is SQLite's own")
    assert check_rights().state is State.WARNING


class TestStatistics:
    def test_a_small_database_needs_none(self) -> None:
        assert check_statistics().state is State.OK

    @pytest.mark.postgres
    def test_a_table_that_was_filled_and_never_analysed_is_a_warning(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # What a transaction has written is counted once it is over.
        monkeypatch.setattr(database, "ROWS_WORTH_ANALYZING", 0)
        assert check_statistics().state is State.WARNING


@pytest.mark.postgres
def test_what_takes_too_long_is_cancelled() -> None:
    with pytest.raises(OperationalError), time_limit(50):
        execute("SELECT pg_sleep(5)")

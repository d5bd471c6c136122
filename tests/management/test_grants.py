"""The role that the web process connects as can do its work, and change nothing of the record."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from pytest_django import Settings

from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, DailyHead, OutboxMessage, Publication, VerificationRun
from stories.models.integrity.append_only import APPEND_ONLY_MODELS, guards_lifted
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from stories.queries.verification import Verification
from tests import factories as make
from tests.outbox import dead_port
from tests.postgres import tools
from tests.tampering import execute

PASSWORD = "of the web process"


def connect(**values: Any) -> None:
    """Reconnect, as somebody else."""
    postgres: Any = connection
    postgres.close()
    postgres.close_pool()
    postgres.settings_dict.update(values)


@pytest.fixture
def web(transactional_db: None) -> Iterator[str]:
    """Connect as a role with what `grants` prints; return its name."""
    owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    # Roles belong to the server, which other tests' databases share.
    role = f"web of {connection.settings_dict['NAME']}"
    execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD '{PASSWORD}'")
    out = StringIO()
    call_command("grants", role, stdout=out)
    execute(out.getvalue())
    connect(USER=role, PASSWORD=PASSWORD)
    yield role
    connect(**owner)
    execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')


@pytest.mark.postgres
def test_a_newsroom_works_under_the_web_role(web: str, client: Client, settings: Settings) -> None:
    settings.PURGE_URL = f"http://127.0.0.1:{dead_port()}/"
    maya, aldo = make.make_user(MANAGING_EDITOR), make.make_user(AUDITOR)
    story = make.wanted(section=make.make_section().pk, bylines=(make.byline(make.make_author()),))
    article = make.begin(story, user=maya)
    first = make.go_live(article, user=maya)
    make.change(article, user=maya, update_notes=(make.note(),), at=make.minutes(1))
    set_embargo(article=article, until=make.minutes(20), user=maya, reason="Promised", at=make.minutes(1))
    pending = make.go_live(article, user=maya, live_from=make.minutes(30), at=make.minutes(2))
    cancel(publication=pending, user=maya, reason="Not yet", at=make.minutes(3))
    make.change(article, user=maya, blocks=(make.quote(),), at=make.minutes(24 * 60))
    other = make.begin(make.wanted("Taken down"), user=maya, at=make.minutes(24 * 60))
    make.go_live(other, user=maya, at=make.minutes(24 * 60))
    withdraw(article=other, user=maya, notice="We took this down.", reason="libel", at=make.minutes(24 * 61))
    assert DailyHead.objects.count() == 1
    assert client.get(f"/stories/{first.address_id}/").status_code == 200
    assert client.get("/ledger/").status_code == 200
    assert client.login(email=aldo.email, password=make.PASSWORD)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/audit/verification/").status_code == 200
    call_command("verify_ledger", verbosity=0, stdout=StringIO())
    assert VerificationRun.objects.get().found == 0
    assert Article.objects.count() == 2
    assert [str(finding) for finding in Verification()] == []
    waiting = OutboxMessage.objects.count()
    with pytest.raises(CommandError, match="could not be sent"):
        call_command("deliver", stdout=StringIO())
    assert OutboxMessage.objects.filter(attempts=1).exists()
    settings.PURGE_URL = ""
    OutboxMessage.objects.update(next_try_at=make.MORNING)
    call_command("deliver", stdout=StringIO())
    assert OutboxMessage.objects.count() == 0 < waiting


@pytest.mark.postgres
def test_the_web_role_can_change_nothing_of_the_record_and_take_no_guard_away(web: str) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    make.go_live(make.begin(user=maya), user=maya)
    for model in APPEND_ONLY_MODELS:
        table, key = model._meta.db_table, model._meta.pk.column
        for attempt in (
            f"UPDATE {table} SET {key} = {key}",  # noqa: S608 - our own names
            f"DELETE FROM {table}",  # noqa: S608 - our own names
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER append_only ON {table}",
            f"DROP TABLE {table} CASCADE",
            f"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION stories_refuse_change()",
        ):
            refused(attempt)
    refused("UPDATE stories_entrytext SET text = ''")
    refused("DROP FUNCTION stories_refuse_change() CASCADE")
    refused(
        "CREATE OR REPLACE FUNCTION stories_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    )
    refused("SET session_replication_role = replica")
    refused("TRUNCATE stories_article CASCADE")
    refused("CREATE TABLE mine ()")
    with transaction.atomic(), pytest.raises(PermissionError, match="may only add to the record"):
        lift()
    assert Publication.objects.count() == 1


def refused(sql: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        execute(sql)


def lift() -> None:
    with guards_lifted(connection):
        pass


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is SQLite's own")
def test_sqlite_has_no_roles() -> None:
    with pytest.raises(CommandError, match="SQLite knows no roles"):
        call_command("grants", "web")


@pytest.mark.postgres
def test_the_web_role_may_take_a_backup(web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if (folder := tools()) is not None:
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    if shutil.which("pg_dump") is None:
        pytest.skip("needs pg_dump: apt-get install postgresql-client")
    call_command("backup", str(tmp_path / "backup"), stdout=StringIO())
    assert (tmp_path / "backup" / "database.dump").stat().st_size


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_it_prints_can_be_run_by_itself() -> None:
    role = f"applied to {connection.settings_dict['NAME']}"
    execute(f'CREATE ROLE "{role}"')
    out = StringIO()
    call_command("grants", role, "--apply", stdout=out)
    assert out.getvalue() == ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'stories_revision', 'INSERT'), "
            "has_table_privilege(%s, 'stories_revision', 'UPDATE')",
            [role, role],
        )
        assert cursor.fetchone() == (True, False)

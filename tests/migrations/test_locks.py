"""Migrations of a running newsroom: none holds a lock on a big table for long.

Those up to the baseline are final. Later ones are read as the SQL that PostgreSQL gets. What is said of the ways around
is in docs/operating.md, "Migrations of big tables".
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, Index, Q
from django.db.models.signals import pre_migrate

from stories.migrations.operations import AddCheckUnvalidated, AddIndexOnline, ValidateCheck
from stories.models.integrity.migration_locks import LOCK_TIMEOUT, limit_waiting, wait_as_always
from tests.concurrency.writers import SECONDS, at_once

BASELINE: Final = "0013_restored_ledgers"
SQUAWK: Final = Path(sys.executable).with_name("squawk")
# Of squawk's rules those about what keeps others waiting, or fails hosts that are brought to the release later.
RULES: Final = frozenset(
    {
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "adding-required-field",
        "adding-serial-primary-key-field",
        "ban-concurrent-index-creation-in-transaction",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "renaming-column",
        "renaming-table",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
        "require-concurrent-reindex",
    }
)
# Tables that stay small, however long a newsroom lives.
SMALL: Final = frozenset(
    f"stories_{name}"
    for name in ("author", "emailchange", "failedattempt", "invitation", "outboxmessage", "passwordreset",
                 "presence", "section", "user", "user_groups", "user_user_permissions", "verificationrun")
)  # fmt: skip


def long_locks(sql: str) -> Iterator[str]:
    """Yield what squawk finds in a migration's statements, but for tables that stay small."""
    ran = subprocess.run(  # noqa: S603
        [str(SQUAWK), "--pg-version=15", "--reporter=json"],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    lines = sql.splitlines()
    for finding in json.loads(ran.stdout):
        statement = "\n".join(lines[finding["line"] :])
        table = re.search(r'(?:ALTER TABLE|\bON) "?(\w+)', statement)
        if finding["rule_name"] in RULES and not (table and table[1] in SMALL):
            yield f"{finding['rule_name']}: {lines[finding['line']][:100]}"


def later_migrations() -> list[str]:
    loader = MigrationLoader(None)
    (newest,) = loader.graph.leaf_nodes("stories")
    names = [name for app, name in loader.graph.forwards_plan(newest) if app == "stories"]
    return names[names.index(BASELINE) + 1 :]


def sql_of(name: str) -> str:
    found = StringIO()
    call_command("sqlmigrate", "stories", name, stdout=found)
    return found.getvalue()


@pytest.mark.postgres
@pytest.mark.django_db
def test_no_migration_after_the_baseline_locks_a_big_table_for_long() -> None:
    found = {name: list(long_locks(sql_of(name))) for name in later_migrations()}
    assert {name: locks for name, locks in found.items() if locks} == {}, (
        "See “Migrations of big tables” in docs/operating.md for the way around."
    )


@pytest.mark.postgres
@pytest.mark.django_db
def test_migrations_from_before_the_rule_would_not_pass() -> None:
    assert any("constraint-missing-not-valid" in found for found in long_locks(sql_of(BASELINE)))


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "by_kind" ON "stories_ledgerentry" ("kind");',
        'DROP INDEX "by_kind";',
        'ALTER TABLE "stories_revision" ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL;',
        'ALTER TABLE "stories_revision" ADD COLUMN "token" uuid NOT NULL;',
        'ALTER TABLE "stories_revision" ALTER COLUMN "number" TYPE bigint;',
        'ALTER TABLE "stories_revision" ALTER COLUMN "source_revision" SET NOT NULL;',
        'ALTER TABLE "stories_revision" ADD CONSTRAINT "positive" CHECK ("number" > 0);',
        'ALTER TABLE "stories_revision" ADD CONSTRAINT "once" UNIQUE ("salt");',
        'ALTER TABLE "stories_revision" ADD CONSTRAINT "of" FOREIGN KEY ("user_id") REFERENCES "stories_user" ("id");',
        'ALTER TABLE "stories_revision" RENAME COLUMN "number" TO "rank";',
        'BEGIN; CREATE INDEX CONCURRENTLY "by_kind" ON "stories_ledgerentry" ("kind"); COMMIT;',
    ],
)
def test_what_rewrites_or_locks_a_big_table_is_found(statement: str) -> None:
    assert list(long_locks(statement))


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "by_kind" ON "stories_ledgerentry" ("kind");',
        'ALTER TABLE "stories_revision" ADD COLUMN "token" varchar(20) DEFAULT \'\' NOT NULL;',
        'ALTER TABLE "stories_revision" ADD CONSTRAINT "positive" CHECK ("number" > 0) NOT VALID;',
        'ALTER TABLE "stories_revision" VALIDATE CONSTRAINT "positive";',
        'CREATE INDEX "by_name" ON "stories_author" ("name");',
        'ALTER TABLE "stories_user" ADD CONSTRAINT "known" CHECK ("email" <> \'\');',
        'BEGIN; CREATE TABLE "new" ("id" bigint PRIMARY KEY, "of" bigint); CREATE INDEX "i" ON "new" ("of"); COMMIT;',
    ],
)
def test_what_is_done_while_a_table_is_written_or_to_a_small_one_passes(statement: str) -> None:
    assert list(long_locks(statement)) == []


# ----------------------------------------------------------------------------------------- the ways around


def newest_model(name: str) -> Any:
    return newest_state().apps.get_model("stories", name)


def newest_state() -> ProjectState:
    return MigrationLoader(None).project_state()


def run(operation: Operation, *, atomic: bool = True) -> None:
    """Run an operation on the newest state."""
    before, after = newest_state(), newest_state()
    operation.state_forwards("stories", after)
    with connection.schema_editor(atomic=atomic) as editor:
        operation.database_forwards("stories", editor, before, after)


NUMBER_IS_SMALL: Final = CheckConstraint(condition=Q(number__lt=1_000_000_000), name="number_is_small")


@pytest.mark.django_db(transaction=True)
def test_a_check_that_was_added_unvalidated_holds_at_once_and_is_validated_later() -> None:
    run(AddCheckUnvalidated("revision", NUMBER_IS_SMALL))
    assert is_validated("number_is_small") in (False, None)
    run(ValidateCheck("revision", "number_is_small"))
    assert is_validated("number_is_small") in (True, None)
    with connection.schema_editor() as editor:
        editor.remove_constraint(newest_model("revision"), NUMBER_IS_SMALL)


def is_validated(name: str) -> bool | None:
    """Return whether PostgreSQL has checked what was there before a constraint; None on SQLite, which always has."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = %s", [name])
        (found,) = cursor.fetchone()
    return bool(found)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_is_added_online_is_there_also_after_an_attempt_that_was_cut_off() -> None:
    index = Index(fields=["user_name"], name="revision_by_name")
    model = newest_model("revision")
    if connection.vendor == "postgresql":
        with connection.schema_editor() as editor:
            editor.add_index(model, index)
    run(AddIndexOnline("revision", index), atomic=False)
    with connection.cursor() as cursor:
        assert "revision_by_name" in connection.introspection.get_constraints(cursor, "stories_revision")
    with connection.schema_editor() as editor:
        editor.remove_index(model, index)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_up_waiting_for_a_lock_so_that_readers_dont_queue_behind_it() -> None:
    held, done = Event(), Event()

    def read_for_long() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stories_revision")
            held.set()
            assert done.wait(SECONDS)

    def migrate() -> None:
        assert held.wait(SECONDS)
        try:
            limit_waiting(using=connection.alias)
            with pytest.raises(OperationalError, match="lock timeout"), connection.cursor() as cursor:
                cursor.execute("ALTER TABLE stories_revision ADD COLUMN token text")
        finally:
            wait_as_always(using=connection.alias)
            done.set()

    assert at_once(read_for_long, migrate) == [None, None]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_only_while_migrating_a_connection_gives_up_waiting() -> None:
    seen: list[str] = []

    def look(**_signal: object) -> None:
        seen.append(lock_timeout())

    pre_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look)
    assert seen[-1] == LOCK_TIMEOUT
    assert lock_timeout() == "0", "what comes after the migrations waits as always"


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (found,) = cursor.fetchone()
    return str(found)

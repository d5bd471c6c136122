"""The database itself protects the record: rows are added, and never changed or removed."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from stories.models import (
    EntryText,
    LedgerEntry,
    OutboxMessage,
    Picture,
    Presence,
    PublicationCard,
    Revision,
    SearchText,
    StoryMask,
    StoryStatus,
)
from stories.models.comment_requests import DeskModel
from stories.models.integrity.append_only import (
    APPEND_ONLY_MODELS,
    APPEND_ONLY_TABLES,
    guards_lifted,
    install,
    missing,
    remove,
)
from stories.models.integrity.checks import OUTSIDE_REVISIONS
from stories.models.live_periods import DerivedRow
from stories.models.record.recording import Guarded, TrackedModel
from stories.models.roles import EDITOR
from tests import factories as make
from tests.tampering import execute, run

pytestmark = pytest.mark.django_db

NEVER_CHANGED = "is append-only: its rows are never changed or removed"
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is SQLite's own")
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="is PostgreSQL's own")


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError, match=NEVER_CHANGED), transaction.atomic():
        execute(sql)


@pytest.fixture
def story(db: None) -> None:
    emil = make.make_user(EDITOR)
    make.go_live(make.begin(user=emil), user=emil)
    # PostgreSQL alters no table while a foreign key of its rows waits to be checked.
    connection.check_constraints()


def test_every_table_of_the_record_is_guarded() -> None:
    assert missing(connection) == []
    changeable = (TrackedModel, DeskModel, DerivedRow, EntryText, SearchText, StoryMask)
    guarded = {
        model
        for model in (
            *Guarded.__subclasses__(),
            *(m for b in OUTSIDE_REVISIONS for m in [b, *b.__subclasses__()]),
        )
        if not model._meta.abstract and not issubclass(model, changeable)
    }
    assert guarded <= set(APPEND_ONLY_MODELS)
    mutable_models: tuple[type[models.Model], ...] = (
        EntryText,
        SearchText,
        StoryMask,
        StoryStatus,
        Presence,
        OutboxMessage,
        Picture,
        *DerivedRow.__subclasses__(),
    )
    for mutable in mutable_models:
        assert mutable._meta.db_table not in APPEND_ONLY_TABLES


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("model", [Revision, LedgerEntry, PublicationCard])
def test_no_row_can_be_changed_or_removed_by_sql(model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    refused(f"UPDATE {table} SET {key} = {key}")  # noqa: S608 - our own names
    refused(f"DELETE FROM {table}")  # noqa: S608 - our own names
    assert model._base_manager.exists()


@pytest.mark.usefixtures("story")
def test_even_a_change_that_django_would_let_through_is_refused() -> None:
    with pytest.raises(IntegrityError, match=NEVER_CHANGED), transaction.atomic():
        models.QuerySet(Revision).update(reason="another")


@on_sqlite
@pytest.mark.usefixtures("story")
def test_no_row_is_replaced_by_an_insert_on_sqlite() -> None:
    refused("INSERT OR REPLACE INTO stories_ledgerentry SELECT * FROM stories_ledgerentry")
    # Another key, but the same story and number: REPLACE would remove the row that has them.
    refused(replacing(Revision, id="999"))
    # A row's hidden number is a key too.
    refused(replacing(LedgerEntry, sequence="999", rowid="rowid"))


def replacing(model: type[models.Model], **others: str) -> str:
    """Return a statement that inserts a model's own rows again, some columns changed, replacing conflicting rows."""
    values = {str(field.column): str(field.column) for field in model._meta.concrete_fields} | others
    return (
        f"INSERT OR REPLACE INTO {model._meta.db_table} ({', '.join(values)}) "  # noqa: S608 - our own names
        f"SELECT {', '.join(values.values())} FROM {model._meta.db_table}"
    )


@on_sqlite
def test_no_unique_index_is_one_that_the_guards_do_not_ask(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tables.name FROM sqlite_master AS tables, pragma_index_list(tables.name) AS indexes "
            "WHERE tables.type = 'table' AND indexes.\"unique\" AND indexes.partial"
        )
        assert {table for (table,) in cursor.fetchall()}.isdisjoint(APPEND_ONLY_TABLES)


@on_postgres
@pytest.mark.usefixtures("story")
def test_an_insert_that_would_update_is_refused_on_postgresql() -> None:
    refused(
        "INSERT INTO stories_ledgerentry SELECT * FROM stories_ledgerentry "
        "ON CONFLICT (sequence) DO UPDATE SET payload = 'another'"
    )


@on_postgres
@pytest.mark.usefixtures("story")
def test_a_session_that_plays_a_replica_is_refused_too() -> None:
    execute("SET LOCAL session_replication_role = replica")
    refused("DELETE FROM stories_ledgerentry")


@pytest.mark.usefixtures("story")
def test_what_is_lifted_is_guarded_again_after() -> None:
    run("UPDATE stories_revision SET reason = 'another'")
    assert Revision.objects.get().reason == "another"
    assert missing(connection) == []
    refused("UPDATE stories_revision SET reason = 'a third'")


@pytest.mark.usefixtures("story")
def test_what_fails_while_lifted_leaves_no_trace_and_every_guard() -> None:
    with pytest.raises(IntegrityError):
        erase_half()
    assert Revision.objects.get().reason == "began"
    assert missing(connection) == []
    refused("UPDATE stories_revision SET reason = 'another'")


def erase_half() -> None:
    with guards_lifted(connection):
        execute("UPDATE stories_revision SET reason = 'another'")
        execute("UPDATE stories_revision SET number = 0")


@pytest.mark.django_db(transaction=True)
def test_guards_are_lifted_inside_a_transaction_alone() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"), guards_lifted(connection):
        pass


@pytest.mark.django_db(transaction=True)
def test_flush_deletes_nothing_where_it_deletes_row_by_row_and_leaves_the_guards() -> None:
    make.begin(user=make.make_user(EDITOR))
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)
    else:
        with pytest.raises(CommandError, match="couldn't be flushed"):
            call_command("flush", interactive=False, verbosity=0)
    # PostgreSQL truncates tables, which only their owner may do, and no trigger of a row sees.
    assert Revision.objects.exists() == (connection.vendor != "postgresql")
    assert missing(connection) == []


@pytest.mark.usefixtures("story")
def test_a_guard_that_is_gone_or_hollow_is_missed_and_put_back_once() -> None:
    if connection.vendor == "postgresql":
        execute("ALTER TABLE stories_revision DISABLE TRIGGER append_only")
        execute("DROP TRIGGER append_only ON stories_answer")
    else:
        execute("DROP TRIGGER stories_answer_append_only_delete")
        execute("DROP TRIGGER stories_revision_append_only_update")
        execute(
            "CREATE TRIGGER stories_revision_append_only_update BEFORE UPDATE ON stories_revision "
            "BEGIN SELECT 1; END"
        )
    assert missing(connection) == ["stories_answer", "stories_revision"]
    install(connection)
    install(connection)
    assert missing(connection) == []
    refused("UPDATE stories_revision SET reason = 'another'")


@on_postgres
def test_a_function_made_hollow_is_missed_on_every_table() -> None:
    execute(
        "CREATE OR REPLACE FUNCTION stories_refuse_change() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'"
    )
    assert missing(connection) == sorted(APPEND_ONLY_TABLES)
    install(connection)
    assert missing(connection) == []


@pytest.mark.usefixtures("story")
def test_a_table_that_a_migration_makes_anew_is_guarded_again() -> None:
    remove(connection)
    assert missing(connection) == sorted(APPEND_ONLY_TABLES)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []


@on_postgres
@pytest.mark.usefixtures("story")
def test_who_does_not_own_the_tables_can_lift_no_guard() -> None:
    execute("CREATE ROLE a_stranger")
    execute("GRANT SELECT, UPDATE ON stories_revision TO a_stranger")
    execute("SET LOCAL ROLE a_stranger")
    only_add = "The database role a_stranger may only add to the record"
    with pytest.raises(PermissionError, match=only_add), guards_lifted(connection):
        pass
    execute("SET LOCAL stories.lifted = 'on'")
    refused("UPDATE stories_revision SET reason = 'another'")

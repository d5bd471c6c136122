"""Data outside the record that would misrepresent it, or make it unreadable, is reported."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from stories.domain.ledger import canonical_json, entry_digest
from stories.models import Article, LedgerEntry
from stories.models.record.recording import append
from stories.queries.verification import Verification
from tests.tampering import execute, tampered, without_any_guard

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL takes no such text")

TAMPERINGS = {
    "a migration that is passed over": (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('stories', '0999_guard', CURRENT_TIMESTAMP)",
        "The migration stories.0999_guard (in django_migrations) is entered as applied, and there is none of that name",
    ),
    "a migration that comes again": (
        "DELETE FROM django_migrations WHERE app = 'stories' AND name = '0004_append_only_guards'",
        "The migration stories.0004_append_only_guards (in django_migrations) is not entered as applied",
    ),
    "a story with a number below the first": (
        "UPDATE stories_article SET id = -3",
        "The article -3 (row -3 of stories_article) is in no history: it was slipped in.",
    ),
}
# Texts of tables outside the record, with bytes that are not text.
UNREADABLE = {
    "a section's name": ("stories_section", "name"),
    "an author's name": ("stories_author", "name"),
    "a story’s status": ("stories_storystatus", "begun_by"),
    "a person's name": ("stories_user", "display_name"),
    "a group's name": ("auth_group", "name"),
}


def messages() -> list[str]:
    return [str(finding) for finding in Verification()]


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(("statement", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_misleads_about_the_record_is_named(statement: str, said: str) -> None:
    with tampered():
        execute(
            "SET CONSTRAINTS ALL DEFERRED"
            if connection.vendor == "postgresql"
            else "PRAGMA defer_foreign_keys = ON"
        )
        execute(statement)
        found = messages()
    assert any(said in each for each in found), found


@on_sqlite
@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("written", ["CAST(x'ff41' AS TEXT)", "CAST('City' AS BLOB)"])
@pytest.mark.parametrize(("table", "column"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_text_beside_the_record_that_can_t_be_read_is_named(table: str, column: str, written: str) -> None:
    with without_any_guard():
        execute(f'UPDATE {table} SET "{column}" = {written} WHERE rowid = (SELECT min(rowid) FROM {table})')  # noqa: S608
        found = messages()
    assert any(each.startswith(f"The column {column} of {table} holds what is no value") for each in found), (
        found
    )
    assert not any("broke off" in each for each in found)


@on_sqlite
@pytest.mark.usefixtures("article")
def test_a_row_that_points_nowhere_is_named_whatever_its_table() -> None:
    with tampered():
        execute("PRAGMA defer_foreign_keys = ON")
        execute("INSERT INTO stories_user_groups (user_id, group_id) SELECT id, 999 FROM stories_user")
        execute("UPDATE stories_textblock SET parent_id = -7")
        found = messages()
    for said in (
        "The column group_id of stories_user_groups points to what is not in auth_group, in row",
        "The column parent_id of stories_textblock points to what is not in stories_article, in row",
    ):
        assert any(said in each for each in found), found


def test_an_event_that_a_second_entry_records_is_named(article: Article) -> None:
    entry = LedgerEntry.objects.filter(kind="withdrawal").latest("sequence")
    newest = LedgerEntry.objects.latest("sequence")
    payload = json.loads(entry.payload) | {"sequence": newest.sequence + 1}
    text = canonical_json(payload)
    again = LedgerEntry(
        **{field.attname: getattr(entry, field.attname) for field in LedgerEntry._meta.concrete_fields}
        | {
            "sequence": newest.sequence + 1,
            # The database accepts an event once; its owner can change the column.
            "event_id": 0,
            "payload": text.decode(),
            "digest": entry_digest(bytes(newest.digest), text),
        }
    )
    append(again)
    assert (
        f"More than one entry of the ledger names the same: row {payload['event']} of stories_withdrawal."
        in messages()
    )
    assert article.pk

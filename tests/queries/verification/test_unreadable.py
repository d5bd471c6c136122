"""An unreadable stored value is reported with its place, and everything else is checked all the same."""

from __future__ import annotations

import pytest
from django.db import connection

from stories.models import Article, LedgerEntry
from stories.models.integrity.append_only import RECORD_MODELS
from stories.queries.verification import Kind, Verification
from tests.tampering import execute, without_any_guard

GARBAGE = "'garbage'" if connection.vendor == "sqlite" else "'infinity'"
NO_TEXT = "CAST(x'66ff6f' AS TEXT)"


def messages() -> list[str]:
    """Return the messages of a whole run, on a record with one plain text changed, which must be found too."""
    execute("UPDATE stories_embedblock SET title = 'Forged'")
    found = [str(finding) for finding in Verification() if finding.kind is not Kind.GUARD]
    assert any("of stories_embedblock) is not as its history has it: title." in each for each in found), found
    return found


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("stories_ledgerentry", "recorded_at"),
        ("stories_publication", "live_from"),
        ("stories_publication", "recorded_at"),
        ("stories_embargo", "until"),
        ("stories_historicaltextblock", "history_date"),
        ("stories_commentrequest", "requested_at"),
        ("stories_verificationrun", "finished_at"),
    ],
)
def test_a_time_that_is_none_is_named_and_all_the_rest_is_looked_at(
    article: Article, table: str, column: str
) -> None:
    with without_any_guard():
        if table == "stories_verificationrun":
            execute(
                "INSERT INTO stories_verificationrun (started_at, finished_at, since, entries, rows, sequence, digest, "
                "found, findings, erased, erasures) VALUES "
                "('2026-03-02 09:00:00', '2026-03-02 09:00:00', 1, 0, 0, 0, '', 0, '[]', 0, '[]')"
            )
        execute(f"UPDATE {table} SET {column} = {GARBAGE}")  # noqa: S608 - our own names
        found = messages()
    assert any(each.startswith(f"The column {column} of {table} holds") for each in found), found
    assert article.pk


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL stores no such thing")
@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("table", "column", "written"),
    [
        ("stories_partkey", "key", "'no key'"),
        ("stories_quoteblock", "key", "'no key'"),
        ("stories_publishednote", "key", "'no key'"),
        ("stories_historicalquoteblock", "said_on", "'yesterday'"),
        ("stories_dailyhead", "day", "'today ' || entry_id"),
        ("stories_ledgerentry", "digest", "'no digest'"),
        ("stories_ledgerentry", "payload", NO_TEXT),
        ("stories_ledgerentry", "payload", "CAST(payload AS BLOB)"),
        ("stories_ledgerentry", "sequence", "'last'"),
        ("stories_entrytext", "text", NO_TEXT),
        ("stories_revision", "changes", "'[broken'"),
        ("stories_revision", "reason", NO_TEXT),
        ("stories_revision", "number", "'one' || id"),
        ("stories_publicationcard", "bylines", "'{'"),
        ("stories_publicationcard", "headline", NO_TEXT),
        ("stories_publication", "salt", "'no salt'"),
        ("stories_storymask", "words", "'[['"),
        ("stories_storymask", "publications", "'[\"x\", null]'"),
        ("stories_historicalarticle", "headline", NO_TEXT),
        ("stories_historicaltextblock", "text", "CAST(text AS BLOB)"),
        ("stories_searchtext", "text", NO_TEXT),
        ("stories_textblock", "text", NO_TEXT),
        ("stories_storyaddress", "slug", NO_TEXT),
        ("stories_picture", "width", "'wide'"),
    ],
)
def test_what_can_t_be_read_is_named_and_all_the_rest_is_looked_at(
    table: str, column: str, written: str
) -> None:
    with without_any_guard():
        execute("PRAGMA ignore_check_constraints = ON")
        (key,) = {model._meta.pk.column for model in RECORD_MODELS if model._meta.db_table == table}
        execute(
            f'UPDATE {table} SET "{column}" = {written} '  # noqa: S608 - our own names
            f'WHERE "{key}" = (SELECT min("{key}") FROM {table})'
        )
        found = messages()
        execute("PRAGMA ignore_check_constraints = OFF")
    if table != "stories_storymask" or column != "publications":
        assert any(each.startswith(f"The column {column} of {table} holds") for each in found), found
    assert any(table in each for each in found), found


@pytest.mark.usefixtures("article")
def test_an_entry_that_can_t_be_read_does_not_hide_those_after_it() -> None:
    newest = LedgerEntry.objects.count()
    garbage = "'garbage'" if connection.vendor == "sqlite" else "'infinity'"
    with without_any_guard():
        execute(f"UPDATE stories_ledgerentry SET recorded_at = {garbage} WHERE sequence = 3")  # noqa: S608
        execute("UPDATE stories_ledgerentry SET payload = '{}' WHERE sequence = %s", newest)
        verification = Verification()
        found = {finding.sequence for finding in verification}
    assert {3, newest} <= found
    assert verification.sequence == newest

"""The schema of a SQLite database is what the models and migrations make, or is reported."""

from __future__ import annotations

import pytest
from django.db import connection

from stories.queries.verification import Verification
from stories.queries.verification.database.sqlite_schema import check_search_indexes, check_sqlite_schema
from tests.tampering import execute, tampered

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is SQLite's own"),
    pytest.mark.usefixtures("article"),
]

# The statements to execute, and the finding that is expected.
TAMPERINGS = {
    "a view in a table's place": (
        [
            "ALTER TABLE stories_oldaddress RENAME TO hidden",
            "CREATE VIEW stories_oldaddress AS SELECT * FROM hidden WHERE path <> '/2019/council.html'",
        ],
        "The table stories_oldaddress is a view.",
    ),
    "a trigger of somebody's": (
        [
            (
                "CREATE TRIGGER helpful AFTER INSERT ON stories_updatenote BEGIN "
                "DELETE FROM stories_updatenote WHERE kind = 'correction'; END"
            )
        ],
        "The table stories_updatenote has a trigger that is none of ours, or is not as it was made: helpful.",
    ),
    "the index's trigger hollowed": (
        [
            "DROP TRIGGER stories_search_update",
            "CREATE TRIGGER stories_search_update AFTER UPDATE ON stories_searchtext BEGIN SELECT 1; END",
        ],
        "not as it was made: stories_search_update.",
    ),
    "the index's trigger gone": (
        ["DROP TRIGGER stories_ledger_search_insert"],
        "stories_ledger_search_insert, which keeps what is searched, is not there, or is another.",
    ),
    "another index in its place": (
        [
            "DROP TABLE stories_search",
            "CREATE VIRTUAL TABLE stories_search USING fts5(headline, dek, text)",
        ],
        "stories_search, which keeps what is searched, is not there, or is another.",
    ),
    "a column more": (
        ["ALTER TABLE stories_withdrawal ADD COLUMN undone bool"],
        "The table stories_withdrawal is made otherwise than its model says: undone bool.",
    ),
    "an index made partial": (
        [
            "DROP INDEX publication_by_article",
            "CREATE INDEX publication_by_article ON stories_publication (article_id, live_from) WHERE id <> 3",
        ],
        "The table stories_publication lacks an index, or has another in its place: publication_by_article.",
    ),
    "an index that keeps one story from being published again": (
        ["CREATE UNIQUE INDEX quick ON stories_publication (article_id) WHERE article_id = 3 AND id > 100"],
        "The table stories_publication has an index that is none of ours: quick.",
    ),
    "an index of an expression that fails for corrections": (
        [
            (
                "CREATE INDEX quick ON stories_updatenote (json_extract('x' || text, '$')) "
                "WHERE kind = 'correction' AND id > 1000"
            )
        ],
        "The table stories_updatenote has an index that is none of ours: quick.",
    ),
    "an index of a group's rights": (
        ["CREATE UNIQUE INDEX quick ON auth_group_permissions (group_id)  WHERE group_id > 10"],
        "The table auth_group_permissions has an index that is none of ours: quick.",
    ),
    "an index gone": (
        ["DROP INDEX status_waiting"],
        "The table stories_storystatus lacks an index, or has another in its place: status_waiting.",
    ),
    "a table of Django's with a column more": (
        [
            "ALTER TABLE stories_user ADD COLUMN may bool GENERATED ALWAYS AS (email = 'rosa@example.org') VIRTUAL"
        ],
        "The table stories_user is made otherwise than its model says: may bool GENERATED",
    ),
    "no number is left for a revision": (
        ["UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'stories_revision'"],
        "Where stories_revision goes on counting (in sqlite_sequence) does not follow from its rows.",
    ),
    "counting begins again": (
        ["DELETE FROM sqlite_sequence WHERE name = 'stories_revision'"],
        "Where stories_revision goes on counting (in sqlite_sequence) does not follow from its rows.",
    ),
    "the last rows are cut off": (
        ["PRAGMA defer_foreign_keys = ON", "DELETE FROM stories_signoff"],
        "Rows of stories_signoff, from which none is ever removed, are gone: it had some up to 1",
    ),
    "a table gone": (["DROP TABLE stories_signoff"], "The table stories_signoff is not there."),
}


def messages() -> list[str]:
    return [str(finding) for finding in check_sqlite_schema(whole=True)]


def test_a_database_as_the_migrations_make_it_is_as_it_should_be() -> None:
    assert messages() == []
    assert [str(finding) for finding in check_search_indexes()] == []


@pytest.mark.parametrize(("statements", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_what_is_not_as_it_was_made_is_named(statements: list[str], said: str) -> None:
    with tampered():
        for statement in statements:
            execute(statement)
        assert any(said in each for each in messages()), messages()


def test_a_table_made_otherwise_behind_sqlite_s_back_is_named() -> None:
    with tampered():
        execute("PRAGMA writable_schema = ON")
        execute(
            "UPDATE sqlite_master SET sql = replace(sql, '\"live_from\" datetime', '\"live_from\" text COLLATE NOCASE') "  # noqa: E501
            "WHERE name = 'stories_publication'"
        )
        found = messages()
        execute("PRAGMA writable_schema = OFF")
    assert any("The table stories_publication is made otherwise" in each for each in found)


def test_an_index_that_holds_something_else_than_its_table_is_named() -> None:
    with tampered():
        execute("PRAGMA writable_schema = ON")
        # SQLite allows it: an index whose definition no longer matches its content.
        execute(
            'UPDATE sqlite_master SET sql = replace(sql, \'("article_id", "live_from")\', '
            "'(\"live_from\", \"article_id\")') WHERE name = 'publication_by_article'"
        )
        execute("PRAGMA writable_schema = RESET")
        found = messages()
    assert any("SQLite’s own check of the file says" in each for each in found)


def test_an_index_for_speed_is_nobody_s_fault() -> None:
    with tampered():
        execute("CREATE INDEX quick ON stories_publication (live_from DESC, id)")
        assert messages() == []


def test_a_default_given_behind_sqlite_s_back_to_an_account_s_column_is_named() -> None:
    with tampered():
        execute("PRAGMA writable_schema = ON")
        execute(
            "UPDATE sqlite_master SET sql = replace(sql, '\"is_superuser\" bool NOT NULL', "
            "'\"is_superuser\" bool DEFAULT 1 NOT NULL') WHERE name = 'stories_user'"
        )
        found = messages()
        execute("PRAGMA writable_schema = OFF")
    assert any("The table stories_user is made otherwise" in each for each in found)


def test_a_search_index_that_forgot_or_invented_words_is_found() -> None:
    with tampered():
        execute(
            "INSERT INTO stories_search(stories_search, rowid, headline_words, text_words) SELECT 'delete', "
            "publication_id, headline_words, text_words FROM stories_searchtext LIMIT 1"
        )
        assert any("stories_search does not hold what its texts say" in str(each) for each in Verification())
    with tampered():
        execute(
            "INSERT INTO stories_search(rowid, headline_words, text_words) VALUES (1, 'forged', 'forged')"
        )
        assert any("stories_search does not hold" in str(finding) for finding in check_search_indexes())
    assert connection.vendor == "sqlite"

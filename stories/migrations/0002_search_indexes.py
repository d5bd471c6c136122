"""Full-text indexes: over the texts of publications, and over the words of the ledger's events.

A stored vector on PostgreSQL, FTS5 on SQLite. The database makes both from the row's own columns, so that no code can
forget to, and they follow a row that an erasure changes. `models.integrity.search_indexes` has the statements as they
are after the newest migration, for verification.
"""

from django.db import migrations

from stories.migrations.operations import RunSQLOn

# The texts of publications come cut into words (`domain.text.search_form`): no parser of PostgreSQL's reads them.
POSTGRES_PUBLICATIONS = [
    """
    ALTER TABLE stories_searchtext ADD COLUMN search tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(headline_words || text_words, ' '), ''))
    ) STORED
    """,
    "CREATE INDEX searchtext_search ON stories_searchtext USING GIN (search)",
]
# The words of events are taken as they are written: an auditor looks for what was said, not for what was meant. Text
# that speaks of tags is no markup: PostgreSQL would skip what stands after a <script> that is only written of.
POSTGRES_EVENTS = [
    """
    ALTER TABLE stories_entrytext ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', translate(left(text, 150000), '<>', '‹›'))
    ) STORED
    """,
    "CREATE INDEX ledger_search ON stories_entrytext USING GIN (search)",
]

SQLITE_PUBLICATIONS = [
    """
    CREATE VIRTUAL TABLE stories_search USING fts5(
        headline_words, text_words, content='stories_searchtext', content_rowid='publication_id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co S*'"
    )
    """,
    """
    CREATE TRIGGER stories_search_insert AFTER INSERT ON stories_searchtext BEGIN
        INSERT INTO stories_search(rowid, headline_words, text_words)
        VALUES (new.publication_id, new.headline_words, new.text_words);
    END
    """,
    """
    CREATE TRIGGER stories_search_delete AFTER DELETE ON stories_searchtext BEGIN
        INSERT INTO stories_search(stories_search, rowid, headline_words, text_words)
        VALUES ('delete', old.publication_id, old.headline_words, old.text_words);
    END
    """,
    """
    CREATE TRIGGER stories_search_update AFTER UPDATE ON stories_searchtext BEGIN
        INSERT INTO stories_search(stories_search, rowid, headline_words, text_words)
        VALUES ('delete', old.publication_id, old.headline_words, old.text_words);
        INSERT INTO stories_search(rowid, headline_words, text_words)
        VALUES (new.publication_id, new.headline_words, new.text_words);
    END
    """,
]
SQLITE_EVENTS = [
    """
    CREATE VIRTUAL TABLE stories_ledger_search USING fts5(
        text, content='stories_entrytext', content_rowid='entry_id',
        tokenize="unicode61 remove_diacritics 2"
    )
    """,
    """
    CREATE TRIGGER stories_ledger_search_insert AFTER INSERT ON stories_entrytext BEGIN
        INSERT INTO stories_ledger_search(rowid, text) VALUES (new.entry_id, new.text);
    END
    """,
    """
    CREATE TRIGGER stories_ledger_search_delete AFTER DELETE ON stories_entrytext BEGIN
        INSERT INTO stories_ledger_search(stories_ledger_search, rowid, text)
        VALUES ('delete', old.entry_id, old.text);
    END
    """,
    """
    CREATE TRIGGER stories_ledger_search_update AFTER UPDATE ON stories_entrytext BEGIN
        INSERT INTO stories_ledger_search(stories_ledger_search, rowid, text)
        VALUES ('delete', old.entry_id, old.text);
        INSERT INTO stories_ledger_search(rowid, text) VALUES (new.entry_id, new.text);
    END
    """,
]


class Migration(migrations.Migration):
    dependencies = [("stories", "0001_initial")]
    operations = [
        RunSQLOn(
            "postgresql",
            [*POSTGRES_PUBLICATIONS, *POSTGRES_EVENTS],
            [
                "ALTER TABLE stories_entrytext DROP COLUMN search",
                "ALTER TABLE stories_searchtext DROP COLUMN search",
            ],
        ),
        RunSQLOn(
            "sqlite",
            [*SQLITE_PUBLICATIONS, *SQLITE_EVENTS],
            [
                *(
                    f"DROP TRIGGER {table}_{event}"
                    for table in ("stories_ledger_search", "stories_search")
                    for event in ("update", "delete", "insert")
                ),
                "DROP TABLE stories_ledger_search",
                "DROP TABLE stories_search",
            ],
        ),
    ]

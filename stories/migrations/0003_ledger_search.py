"""The full-text index over the words of the ledger's events: a stored vector on PostgreSQL, FTS5 on SQLite.

Both are made by the database from the words' own rows, and follow them where an erasure changes one. Words are
taken as they are written: an auditor looks for what was said, not for what was meant.
"""

from django.db import migrations

# Text that speaks of tags is no markup: PostgreSQL would skip what stands after a <script> that is only written of.
POSTGRES = (
    """
    ALTER TABLE stories_entrytext ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', translate(left(text, 150000), '<>', '‹›'))
    ) STORED
    """,
    "CREATE INDEX ledger_search ON stories_entrytext USING GIN (search)",
)
POSTGRES_BACK = ("ALTER TABLE stories_entrytext DROP COLUMN search",)

# Each statement by itself: SQLite's way to run several at once would end the migration's transaction.
SQLITE = (
    """
    CREATE VIRTUAL TABLE stories_ledger_search USING fts5(
        text, content='stories_entrytext', content_rowid='entry_id',
        tokenize="unicode61 remove_diacritics 2"
    )
    """,
    "INSERT INTO stories_ledger_search(stories_ledger_search) VALUES ('rebuild')",
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
)
SQLITE_BACK = (
    "DROP TRIGGER stories_ledger_search_update",
    "DROP TRIGGER stories_ledger_search_delete",
    "DROP TRIGGER stories_ledger_search_insert",
    "DROP TABLE stories_ledger_search",
)


def index(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_search")]
    operations = [migrations.RunPython(index, drop)]

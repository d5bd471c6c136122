"""The full-text index over the texts of publications: a stored vector on PostgreSQL, FTS5 on SQLite.

Both are made by the database from the row's own columns, so that no code can forget to.
"""

from django.db import migrations

# Which dictionary reads which language; all others are taken word by word.
_LANGUAGES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
_DICTIONARY = "CASE split_part(lower(language), '-', 1) {} ELSE 'simple'::regconfig END".format(
    " ".join(f"WHEN '{code}' THEN '{name}'::regconfig" for code, name in _LANGUAGES.items())
)
# A vector holds a megabyte at most, whatever the script: that much text always fits. And text that speaks of tags is
# no markup: PostgreSQL would skip what stands after a <script> that is only written of.
POSTGRES = (
    f"""
    ALTER TABLE stories_searchtext ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector({_DICTIONARY}, translate(headline, '<>', '‹›')), 'A')
        || setweight(to_tsvector({_DICTIONARY}, translate(dek, '<>', '‹›')), 'B')
        || to_tsvector({_DICTIONARY}, translate(left(text, 150000), '<>', '‹›'))
    ) STORED
    """,
    "CREATE INDEX searchtext_search ON stories_searchtext USING GIN (search)",
)
POSTGRES_BACK = ("ALTER TABLE stories_searchtext DROP COLUMN search",)

# Each statement by itself: SQLite's way to run several at once would end the migration's transaction.
SQLITE = (
    """
    CREATE VIRTUAL TABLE stories_search USING fts5(
        headline, dek, text, content='stories_searchtext', content_rowid='publication_id',
        tokenize="porter unicode61 remove_diacritics 2"
    )
    """,
    "INSERT INTO stories_search(stories_search) VALUES ('rebuild')",
    """
    CREATE TRIGGER stories_search_insert AFTER INSERT ON stories_searchtext BEGIN
        INSERT INTO stories_search(rowid, headline, dek, text)
        VALUES (new.publication_id, new.headline, new.dek, new.text);
    END
    """,
    """
    CREATE TRIGGER stories_search_delete AFTER DELETE ON stories_searchtext BEGIN
        INSERT INTO stories_search(stories_search, rowid, headline, dek, text)
        VALUES ('delete', old.publication_id, old.headline, old.dek, old.text);
    END
    """,
    """
    CREATE TRIGGER stories_search_update AFTER UPDATE ON stories_searchtext BEGIN
        INSERT INTO stories_search(stories_search, rowid, headline, dek, text)
        VALUES ('delete', old.publication_id, old.headline, old.dek, old.text);
        INSERT INTO stories_search(rowid, headline, dek, text)
        VALUES (new.publication_id, new.headline, new.dek, new.text);
    END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER stories_search_update",
    "DROP TRIGGER stories_search_delete",
    "DROP TRIGGER stories_search_insert",
    "DROP TABLE stories_search",
)


def index(apps, schema_editor):
    for statement in (POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in (POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("stories", "0001_initial")]
    operations = [migrations.RunPython(index, drop)]

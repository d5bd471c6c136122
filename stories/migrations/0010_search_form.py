"""Search by words in one form on both databases: see `domain.text.search_form`."""

from importlib import import_module

from django.db import migrations, models

from stories.domain.text.search_form import indexed

_POSTGRES = (
    """
    ALTER TABLE stories_searchtext ADD COLUMN search tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(headline_words || text_words, ' '), ''))
    ) STORED
    """,
    "CREATE INDEX searchtext_search ON stories_searchtext USING GIN (search)",
)
_POSTGRES_BACK = ("ALTER TABLE stories_searchtext DROP COLUMN search",)
_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS stories_search_update",
    "DROP TRIGGER IF EXISTS stories_search_delete",
    "DROP TRIGGER IF EXISTS stories_search_insert",
    "DROP TABLE IF EXISTS stories_search",
)
_SQLITE = (
    """
    CREATE VIRTUAL TABLE stories_search USING fts5(
        headline_words, text_words, content='stories_searchtext', content_rowid='publication_id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co S*'"
    )
    """,
    "INSERT INTO stories_search(stories_search) VALUES ('rebuild')",
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
)


def drop(apps, schema_editor):
    for statement in _POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement)


def write_words(apps, schema_editor):
    for row in apps.get_model("stories", "SearchText").objects.order_by("pk").iterator(chunk_size=200):
        row.headline_words = indexed(row.headline, language=row.language)
        row.text_words = indexed(row.text, language=row.language)
        row.save(update_fields=["headline_words", "text_words"])


def index(apps, schema_editor):
    for statement in _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def index_as_before(apps, schema_editor):
    import_module("stories.migrations.0002_search").index(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("stories", "0009_outbox")]
    operations = [
        migrations.RunPython(drop, index_as_before),
        migrations.AddField("searchtext", "headline_words", models.TextField(blank=True, default="")),
        migrations.AddField("searchtext", "text_words", models.TextField(blank=True, default="")),
        migrations.RunPython(write_words, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]

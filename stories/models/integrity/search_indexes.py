"""What the database holds of its full-text indexes, as the migrations left it: for verification to compare.

A migration that makes an index another way changes this too. What is compared is the statements' text, less their white
space on SQLite, and what PostgreSQL itself makes of the expression.
"""

from __future__ import annotations

from typing import Final

# Which dictionary reads which language; all others are taken word by word.
_LANGUAGES: Final = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
_DICTIONARY: Final = "CASE split_part(lower(language), '-', 1) {} ELSE 'simple'::regconfig END".format(
    " ".join(f"WHEN '{code}' THEN '{name}'::regconfig" for code, name in _LANGUAGES.items())
)
# A vector holds a megabyte at most, whatever the script: that much text always fits. And text that speaks of tags is
# no markup: PostgreSQL would skip what stands after a <script> that is only written of.
POSTGRES_COLUMNS: Final = {
    ("stories_searchtext", "search"): (
        f"setweight(to_tsvector({_DICTIONARY}, translate(headline, '<>', '‹›')), 'A') "
        f"|| setweight(to_tsvector({_DICTIONARY}, translate(dek, '<>', '‹›')), 'B') "
        f"|| to_tsvector({_DICTIONARY}, translate(left(text, 150000), '<>', '‹›'))"
    ),
    ("stories_entrytext", "search"): "to_tsvector('simple', translate(left(text, 150000), '<>', '‹›'))",
}

_STATEMENTS: Final = (
    """
    CREATE VIRTUAL TABLE stories_search USING fts5(
        headline, dek, text, content='stories_searchtext', content_rowid='publication_id',
        tokenize="porter unicode61 remove_diacritics 2"
    )
    """,
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
)


def plain(statement: str) -> str:
    """A statement without its line breaks and indents."""
    return " ".join(statement.split())


# The statement that makes each table and each trigger, by its name.
SQLITE: Final[dict[str, str]] = {
    statement.split()[3 if "VIRTUAL" in statement else 2].partition("(")[0]: plain(statement)
    for statement in _STATEMENTS
}
SQLITE_TABLES: Final = ("stories_search", "stories_ledger_search")

"""The full-text indexes as the migrations made them, for verification to compare.

A migration that changes an index changes this too. Compared are the statements' text, without white space on SQLite,
and PostgreSQL's own rendering of the expression.
"""

from __future__ import annotations

from typing import Final

# Words come normalized and separated by spaces, as `domain.text.search_form` cuts them: PostgreSQL's parser does
# not read them. That form stays below the megabyte that a vector may have.
POSTGRES_COLUMNS: Final = {
    ("stories_searchtext", "search"): (
        "array_to_tsvector(array_remove(string_to_array(headline_words || text_words, ' '), ''))"
    ),
    ("stories_entrytext", "search"): "to_tsvector('simple', translate(left(text, 150000), '<>', '‹›'))",
}

_STATEMENTS: Final = (
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
    """Return a statement without its line breaks and indents."""
    return " ".join(statement.split())


# By name, the statement that makes each table and each trigger.
SQLITE: Final[dict[str, str]] = {
    statement.split()[3 if "VIRTUAL" in statement else 2].partition("(")[0]: plain(statement)
    for statement in _STATEMENTS
}
SQLITE_TABLES: Final = ("stories_search", "stories_ledger_search")

"""The database knows how large tables are that an import made grow."""

from __future__ import annotations

import pytest
from django.db import connection

from stories.actions.archive.statistics import analyze, grown_tables
from stories.models import User
from tests.factories import begin, make_section

pytestmark = pytest.mark.django_db


def test_the_tables_that_grew_are_those_into_which_rows_were_inserted(editor: User) -> None:
    with grown_tables() as grown:
        make_section()
        begin(user=editor)
    begin_again = set(grown)
    make_section("other", "Other")
    assert {"stories_section", "stories_article", "stories_textblock", "stories_ledgerentry"} <= grown
    assert "stories_user" not in grown
    assert grown == begin_again


def test_tables_are_analyzed_and_no_others() -> None:
    for number in range(3):
        make_section(f"s{number}")
    analyze({"stories_section"})
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl, stat FROM sqlite_stat1")
            assert cursor.fetchall() == [("stories_section", "3 1")]
        else:
            cursor.execute(
                "SELECT relname, reltuples FROM pg_class WHERE relname IN ('stories_section', 'stories_author')"
            )
            assert dict(cursor.fetchall()) == {"stories_section": 3.0, "stories_author": -1.0}

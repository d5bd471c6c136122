"""Full-text search over what is live: PostgreSQL's own, or FTS5 on SQLite, behind one question.

The index holds every version that was ever published, made by the database from its `SearchText`, which is without the
words that are withheld; what is not live, withdrawn or withheld as a whole is left out when it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import FloatField, QuerySet, TextField
from django.db.models.expressions import RawSQL

from stories.models.publications import Publication
from stories.queries.versions import Version, as_version, newest_of_each, with_version_facts

PAGE_LENGTH: Final = 20
# Nobody types more; a parser's work grows with it.
MOST_CHARACTERS: Final = 200
# What stands around words that were found, until they are shown: no text holds these characters.
START, END = "\x02", "\x03"

_WORDS: Final = re.compile(r'"[^"]*"|\S+')
# The dictionaries that the stored vectors were made with: a word is looked for as each of them reads it.
_DICTIONARIES: Final = ("english", "german", "spanish", "french", "italian", "dutch", "portuguese", "simple")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A live version that holds the words, with a passage of its text in which START and END stand around them."""

    version: Version
    passage: str


def search(asked: str, *, at: datetime, page: int = 1) -> tuple[Sequence[Found], bool]:
    """The live stories that hold all the words, best first, and whether there are more. One query.

    Words in quotation marks are looked for as a phrase. Nothing is found for no words.
    """
    words = " ".join(asked[:MOST_CHARACTERS].replace("\x00", " ").split())
    matching = _match(words) if words else None
    if matching is None:
        return (), False
    start = PAGE_LENGTH * (page - 1)
    rows: Any = with_version_facts(matching.filter(pk__in=newest_of_each(at).order_by().values("pk")), at)
    found = list(rows.order_by("-rank", "-live_from", "-pk")[start : start + PAGE_LENGTH + 1])
    told = [Found(version=as_version(row, at), passage=row.passage) for row in found[:PAGE_LENGTH]]
    return told, len(found) > PAGE_LENGTH


def _match(words: str) -> QuerySet[Publication] | None:
    return _match_on_postgres(words) if connection.vendor == "postgresql" else _match_on_sqlite(words)


def _match_on_postgres(words: str) -> QuerySet[Publication]:
    query = " || ".join("websearch_to_tsquery(%s::regconfig, %s)" for _ in _DICTIONARIES)
    parameters = [each for name in _DICTIONARIES for each in (name, words)]
    text = '"stories_searchtext"'
    found: QuerySet[Publication] = (
        Publication.objects.select_related("search_text")
        .annotate(
            matches=RawSQL(f"{text}.search @@ ({query})", parameters),  # noqa: S611 - our own constants
            rank=RawSQL(  # noqa: S611
                f"ts_rank({text}.search, ({query}))", parameters, output_field=FloatField()
            ),
            passage=RawSQL(  # noqa: S611
                f"ts_headline('simple', translate(left({text}.text, 50000), '<>', '‹›'), ({query}), %s)",
                [*parameters, f"StartSel={START}, StopSel={END}, MaxWords=40, MinWords=20, MaxFragments=1"],
                output_field=TextField(),
            ),
        )
        .filter(matches=True)
    )
    return found


def _match_on_sqlite(words: str) -> QuerySet[Publication] | None:
    terms = [term.strip('"') for term in _WORDS.findall(words)]
    # Each as a string of FTS5's own: nothing that is typed is read as its language.
    phrases = ['"{}"'.format(term.replace('"', "")) for term in terms if any(map(str.isalnum, term))]
    if not phrases:
        return None
    query = " AND ".join(phrases)

    def column(expression: str, output: Any) -> RawSQL:
        return RawSQL(  # noqa: S611 - our own constants
            f"(SELECT {expression} FROM stories_search WHERE stories_search MATCH %s"  # noqa: S608
            ' AND stories_search.rowid = "stories_publication"."id")',
            [query],
            output_field=output,
        )

    found: QuerySet[Publication] = Publication.objects.filter(
        pk__in=RawSQL("SELECT rowid FROM stories_search WHERE stories_search MATCH %s", [query])
    ).annotate(
        rank=-column("bm25(stories_search, 10.0, 4.0, 1.0)", FloatField()),
        passage=column(f"snippet(stories_search, 2, '{START}', '{END}', '…', 40)", TextField()),
    )
    return found

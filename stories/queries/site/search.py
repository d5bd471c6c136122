"""Full-text search over what is live: the same answers to the same query on both databases.

The index contains every version that was ever published, built by the database from its `SearchText`, which excludes
withheld words; versions that are not live, withdrawn or withheld are filtered out at query time. Words are cut and
compared as `domain.text.search_form` says: a database only looks up what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from stories.domain.text.passages import passage
from stories.domain.text.search_form import Term, terms
from stories.models.publications import Publication
from stories.queries.publishing.versions import Version, as_version, live_publications, with_version_facts

PAGE_LENGTH: Final = 20
# Nobody types more, and each word is searched separately.
MOST_CHARACTERS: Final = 200
# Large columns that are not needed once a version is found.
_DEFERRED: Final = ("search_text__headline_words", "search_text__text_words", "revision__changes")
# MATERIALIZED makes PostgreSQL evaluate the subquery before what follows it.
_PAGE_ON_POSTGRES: Final = """
"stories_publication"."id" = ANY(ARRAY(
    WITH candidate (id, live_from, in_headline, headline_words, text_words) AS MATERIALIZED ({})
    SELECT id FROM candidate WHERE {} ORDER BY in_headline DESC, live_from DESC, id DESC OFFSET %s LIMIT %s
))"""
_HOLDS_PHRASE: Final = "(strpos(headline_words, %s) > 0 OR strpos(text_words, %s) > 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A live version that contains the words, with a passage of its text in which START and END mark them."""

    version: Version
    passage: str


def search(asked: str, *, at: datetime, page: int = 1) -> tuple[Sequence[SearchResult], bool]:
    """Return the live stories that contain all the words, and whether there are more. One query.

    Those with all of them in their headline come first, then the newest. Words in quotation marks are searched as a
    phrase. Nothing is found for no words.
    """
    searched = terms(asked[:MOST_CHARACTERS])
    if not searched:
        return (), False
    start = PAGE_LENGTH * (page - 1)
    choose = _chosen_on_postgres if connection.vendor == "postgresql" else _chosen_on_sqlite
    chosen = Publication.objects.filter(choose(searched, at, start)).select_related("search_text")
    rows: Any = with_version_facts(_in_order(chosen, searched), at)
    found = list(rows.defer(*_DEFERRED))
    texts = [
        SearchResult(
            version=as_version(row, at),
            passage=passage(row.search_text.text, searched, language=row.search_text.language),
        )
        for row in found[:PAGE_LENGTH]
    ]
    return texts, len(found) > PAGE_LENGTH


def _chosen_on_postgres(searched: Sequence[Term], at: datetime, start: int) -> RawSQL:
    """Return the condition for the versions of a page of results, and one more.

    A vector contains a text's words, but only the text itself shows whether they follow each other. Reading texts is by
    far the slowest step, which PostgreSQL's planner does not know: by itself it would read those of all versions ever
    published. So the live versions with the words are found first, then the phrases in them; and what a list displays
    is read for one page alone.
    """
    query = " & ".join(map(_on_postgres, searched))
    holds_words = RawSQL('"stories_searchtext"."search" @@ %s::tsquery', [query], output_field=BooleanField())
    live = live_publications(at).filter(holds_words).annotate(in_headline=_in_headline(searched)).order_by()
    columns = ("pk", "live_from", "in_headline", "search_text__headline_words", "search_text__text_words")
    candidates, parameters = live.values_list(*columns).query.sql_with_params()
    phrases = [_piece(term) for term in searched if len(term.words) > 1]
    page = _PAGE_ON_POSTGRES.format(candidates, " AND ".join(["TRUE", *(_HOLDS_PHRASE for _each in phrases)]))
    pieces = [piece for phrase in phrases for piece in (phrase, phrase)]
    limits = [start, PAGE_LENGTH + 1]
    # Composed of Django's own statement and ours; user input is only in the parameters.
    return RawSQL(page, [*parameters, *pieces, *limits], output_field=BooleanField())  # noqa: S611


def _chosen_on_sqlite(searched: Sequence[Term], at: datetime, start: int) -> Q:
    """Return the condition for the versions of a page of results, and one more."""
    query = " AND ".join(map(_on_sqlite, searched))
    matching = RawSQL("SELECT rowid FROM stories_search WHERE stories_search MATCH %s", [query])
    live = live_publications(at).order_by().values("pk")
    found = _in_order(Publication.objects.filter(pk__in=matching).filter(pk__in=live), searched)
    return Q(pk__in=found.values("pk")[start : start + PAGE_LENGTH + 1])


def _in_order(found: QuerySet[Publication], searched: Sequence[Term]) -> QuerySet[Publication]:
    ranked = found.annotate(in_headline=_in_headline(searched))
    return ranked.order_by("-in_headline", "-live_from", "-pk")


def _on_postgres(term: Term) -> str:
    """Return a term as a part of a tsquery. Words consist of letters and digits, so none can end a quotation."""
    *whole, last = (f"'{word}'" for word in term.words)
    every = " & ".join((*whole, f"{last}:*" if term.is_prefix else last))
    return "(" + " | ".join((f"({every})", *(f"'{stem}'" for stem in sorted(term.stems)))) + ")"


def _on_sqlite(term: Term) -> str:
    """Return a term as a part of an FTS5 query."""
    phrase = f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")
    return "(" + " OR ".join((phrase, *(f'"{stem}"' for stem in sorted(term.stems)))) + ")"


def _piece(term: Term) -> str:
    return f" {' '.join(term.words)}" + ("" if term.is_prefix else " ")


def _in_headline(searched: Sequence[Term]) -> Case:
    """Return the condition for a headline with all the words."""
    every = Q()
    for term in searched:
        one = Q(search_text__headline_words__contains=_piece(term))
        for stem in sorted(term.stems):
            one |= Q(search_text__headline_words__contains=f" {stem} ")
        every &= one
    return Case(When(every, then=Value(True)), default=Value(False), output_field=BooleanField())

"""Full-text search over what is live: the same answers to the same query on both databases.

The index contains every version that was ever published, built by the database from its `SearchText`, which excludes
withheld words; versions that are not live, withdrawn or withheld are filtered out at query time. Words are cut and
compared as `domain.text.search_form` says: a database only looks up what it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connections, router, transaction
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from stories.domain.text.passages import passage
from stories.domain.text.search_form import Term, terms
from stories.models.live_periods import LivePeriod
from stories.models.publications import Publication, SearchText
from stories.queries.publishing.versions import Version, as_version, with_version_facts

PAGE_LENGTH: Final = 20
# Nobody types more, and each word is searched separately.
MOST_CHARACTERS: Final = 200
# Of how many stories, the newest, the best come first; and up to how many are counted.
MOST_RANKED: Final = 2_000
MOST_COUNTED: Final = 1_000
# Large columns that are not needed once a version is found.
_DEFERRED: Final = ("search_text__headline_words", "search_text__text_words", "revision__changes")
# MATERIALIZED makes PostgreSQL evaluate the subquery before what follows it, and OFFSET each text after it.
_WITH_PHRASES: Final = """
WITH candidate (id, live_from) AS MATERIALIZED ({})
SELECT id FROM candidate, LATERAL (
    SELECT headline_words, text_words FROM stories_searchtext WHERE publication_id = id OFFSET 0
) texts WHERE {} ORDER BY candidate.live_from DESC, id DESC LIMIT %s"""
_HOLDS_PHRASE: Final = "(strpos(headline_words, %s) > 0 OR strpos(text_words, %s) > 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A live version that contains the words, with a passage of its text in which START and END mark them."""

    version: Version
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of results, whether there are more, and how many stories were found, up to one more than are counted."""

    results: Sequence[SearchResult] = ()
    has_more: bool = False
    count: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether `count` is exact."""
        return self.count <= MOST_COUNTED


def search(asked: str, *, at: datetime, page: int = 1, newest_first: bool = False) -> SearchPage:
    """Return the live stories that contain all the words. Two queries, and on PostgreSQL a few settings.

    Of the newest MOST_RANKED, those with all words in their headline come first unless `newest_first`; then the newest.
    Words in quotation marks are searched as a phrase. Nothing is found for no words.
    """
    searched = terms(asked[:MOST_CHARACTERS])
    if not searched:
        return SearchPage()
    with _by_index():
        newest = _postgres_matches(searched, at) if _is_postgres() else _sqlite_matches(searched, at)
        matches = list(_with_rank(newest, searched))
    if not newest_first:
        matches.sort(key=lambda match: not match[1])
    start = PAGE_LENGTH * (page - 1)
    chosen = [publication for publication, _in_headline in matches[start : start + PAGE_LENGTH]]
    rows: Any = with_version_facts(
        Publication.objects.filter(pk__in=chosen).select_related("search_text"), at
    )
    found = {row.pk: row for row in rows.defer(*_DEFERRED)}
    results = [
        SearchResult(
            version=as_version(row, at),
            passage=passage(row.search_text.text, searched, language=row.search_text.language),
        )
        for row in map(found.__getitem__, chosen)
    ]
    has_more = len(matches) > start + PAGE_LENGTH
    return SearchPage(results=results, has_more=has_more, count=min(len(matches), MOST_COUNTED + 1))


def _is_postgres() -> bool:
    return connections[_database()].vendor == "postgresql"


def _database() -> str:
    return router.db_for_read(SearchText)


@contextmanager
def _by_index() -> Iterator[None]:
    """Make PostgreSQL use its index: reading the words of all texts takes far longer than its planner thinks."""
    if not _is_postgres():
        yield
        return
    with transaction.atomic(using=_database()), connections[_database()].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def _live(at: datetime, matching: RawSQL) -> QuerySet[LivePeriod]:
    live = LivePeriod.objects.filter(live_from__lte=at, live_until__gt=at, withdrawn=False, withheld=False)
    return live.filter(publication__in=matching)


def _postgres_matches(searched: Sequence[Term], at: datetime) -> Any:
    """Return the newest live versions with the words.

    A vector contains a text's words, but only the text itself shows whether they follow each other. Reading texts is by
    far the slowest step, which PostgreSQL's planner does not know: by itself it would read those of all versions ever
    published. So the live versions with the words are found first, then the phrases in them.
    """
    query = " & ".join(map(_on_postgres, searched))
    matching = RawSQL("SELECT publication_id FROM stories_searchtext WHERE search @@ %s::tsquery", [query])
    live = _live(at, matching)
    phrases = [_piece(term) for term in searched if len(term.words) > 1]
    if not phrases:
        return live.order_by("-live_from", "-pk").values("pk")[:MOST_RANKED]
    candidates, parameters = live.values_list("pk", "live_from").query.sql_with_params()
    sql = _WITH_PHRASES.format(candidates, " AND ".join(_HOLDS_PHRASE for _each in phrases))
    pieces = [piece for phrase in phrases for piece in (phrase, phrase)]
    # Composed of Django's own statement and ours; user input is only in the parameters.
    return RawSQL(sql, [*parameters, *pieces, MOST_RANKED])  # noqa: S611


def _sqlite_matches(searched: Sequence[Term], at: datetime) -> Any:
    """Return the newest live versions with the words."""
    query = " AND ".join(map(_on_sqlite, searched))
    matching = RawSQL("SELECT rowid FROM stories_search WHERE stories_search MATCH %s", [query])
    return _live(at, matching).order_by("-live_from", "-pk").values("pk")[:MOST_RANKED]


def _with_rank(newest: Any, searched: Sequence[Term]) -> Any:
    """Return versions, newest first, each with whether its headline has all the words."""
    rows = SearchText.objects.filter(pk__in=newest).annotate(in_headline=_in_headline(searched))
    return rows.order_by("-publication__period__live_from", "-pk").values_list("pk", "in_headline")


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
        one = Q(headline_words__contains=_piece(term))
        for stem in sorted(term.stems):
            one |= Q(headline_words__contains=f" {stem} ")
        every &= one
    return Case(When(every, then=Value(True)), default=Value(False), output_field=BooleanField())

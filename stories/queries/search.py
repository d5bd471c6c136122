"""Full-text search over what is live: the same answers to the same question on both databases.

The index holds every version that was ever published, made by the database from its `SearchText`, which is without the
words that are withheld; what is not live, withdrawn or withheld as a whole is left out when it is asked. Words are cut
and compared as `domain.text.search_form` says: a database only looks up what it is given.
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
from stories.queries.versions import Version, as_version, newest_of_each, with_version_facts

PAGE_LENGTH: Final = 20
# Nobody types more, and each word is looked for by itself.
MOST_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A live version that holds the words, with a passage of its text in which START and END stand around them."""

    version: Version
    passage: str


def search(asked: str, *, at: datetime, page: int = 1) -> tuple[Sequence[Found], bool]:
    """Return the live stories that hold all the words, and whether there are more. One query.

    Those that hold them all in their headline come first, then the newest. Words in quotation marks are looked for as a
    phrase. Nothing is found for no words.
    """
    wanted = terms(asked[:MOST_CHARACTERS])
    if not wanted:
        return (), False
    matching = _matching(wanted).annotate(in_headline=_in_headline(wanted)).select_related("search_text")
    start = PAGE_LENGTH * (page - 1)
    rows: Any = with_version_facts(matching.filter(pk__in=newest_of_each(at).order_by().values("pk")), at)
    found = list(rows.order_by("-in_headline", "-live_from", "-pk")[start : start + PAGE_LENGTH + 1])
    texts = [
        Found(
            version=as_version(row, at),
            passage=passage(row.search_text.text, wanted, language=row.search_text.language),
        )
        for row in found[:PAGE_LENGTH]
    ]
    return texts, len(found) > PAGE_LENGTH


def _matching(wanted: Sequence[Term]) -> QuerySet[Publication]:
    if connection.vendor == "postgresql":
        query = " & ".join(map(_on_postgres, wanted))
        matches = RawSQL('"stories_searchtext"."search" @@ %s::tsquery', [query], output_field=BooleanField())
        found = Publication.objects.annotate(matches=matches).filter(matches=True)
        # A vector knows which words a text holds; that they follow each other, the text itself.
        for term in wanted:
            if len(term.words) > 1:
                phrase = _piece(term)
                found = found.filter(
                    Q(search_text__text_words__contains=phrase)
                    | Q(search_text__headline_words__contains=phrase)
                )
        return found
    query = " AND ".join(map(_on_sqlite, wanted))
    return Publication.objects.filter(
        pk__in=RawSQL("SELECT rowid FROM stories_search WHERE stories_search MATCH %s", [query])
    )


def _on_postgres(term: Term) -> str:
    """Return a term as a part of a tsquery. Words hold letters and digits alone, so that none can end a quotation."""
    *whole, last = (f"'{word}'" for word in term.words)
    every = " & ".join((*whole, f"{last}:*" if term.is_prefix else last))
    return "(" + " | ".join((f"({every})", *(f"'{stem}'" for stem in sorted(term.stems)))) + ")"


def _on_sqlite(term: Term) -> str:
    """Return a term as a part of a query of FTS5."""
    phrase = f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")
    return "(" + " OR ".join((phrase, *(f'"{stem}"' for stem in sorted(term.stems)))) + ")"


def _piece(term: Term) -> str:
    return f" {' '.join(term.words)}" + ("" if term.is_prefix else " ")


def _in_headline(wanted: Sequence[Term]) -> Case:
    """Whether a headline holds all the words."""
    every = Q()
    for term in wanted:
        one = Q(search_text__headline_words__contains=_piece(term))
        for stem in sorted(term.stems):
            one |= Q(search_text__headline_words__contains=f" {stem} ")
        every &= one
    return Case(When(every, then=Value(True)), default=Value(False), output_field=BooleanField())

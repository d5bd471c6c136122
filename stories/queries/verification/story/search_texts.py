"""Check the searchable text of each publication against its story, masked as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from stories.domain.search_text import search_columns
from stories.domain.snapshot import StorySnapshot
from stories.models import Publication, Revision, SearchText, StoryMask
from stories.queries.publishing.withholdings import mask
from stories.queries.story.snapshots import snapshots_of_each
from stories.queries.verification.findings import FieldChange, Finding, Kind, changed, listed

# How many stories' histories are in memory together.
AT_ONCE: Final = 10
_COLUMNS: Final = ("headline", "dek", "text", "language", "headline_words", "text_words")


def check_search_texts(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every story with publications whose searchable text is not what they say.

    Three queries and one a tracked model, for every few stories.
    """
    for start in range(0, len(articles), AT_ONCE):
        yield from _check(articles[start : start + AT_ONCE])


def _check(articles: Sequence[int]) -> Iterator[Finding]:
    publications: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = Publication.objects.filter(article__in=articles).order_by("pk")
    for article, publication, number in rows.values_list("article_id", "pk", "revision__number"):
        publications[article][publication] = number
    texts = SearchText.objects.filter(publication__article__in=publications).values(
        "publication_id", *_COLUMNS
    )
    stored = {row.pop("publication_id"): row for row in texts}
    withheld = {row.article_id: row for row in StoryMask.objects.filter(article__in=publications)}
    for article, stories in stories_of(publications):
        wrong = {
            publication: how
            for publication, number in publications[article].items()
            if (how := _wrong(stored.get(publication, {}), stories[number], withheld.get(article)))
        }
        if wrong:
            yield _finding(article, wrong)


def stories_of(publications: dict[int, dict[int, int]]) -> Iterator[tuple[int, dict[int, StorySnapshot]]]:
    """Yield stories as they read at some revisions; given their numbers, by article and by publication."""
    numbers_by_article = {article: set(numbers.values()) for article, numbers in publications.items()}
    try:
        yield from snapshots_of_each(numbers_by_article).items()
    except Revision.DoesNotExist:
        for article, numbers in numbers_by_article.items():
            try:
                yield from snapshots_of_each({article: numbers}).items()
            except Revision.DoesNotExist:
                # Its history is missing, which is reported with its entries.
                continue


def _wrong(found: dict[str, Any], story: StorySnapshot, withheld: StoryMask | None) -> list[FieldChange]:
    """Return the columns with a wrong value."""
    words, pictures = (withheld.words, withheld.pictures) if withheld else ([], [])
    wrong: list[FieldChange] = []
    # The replacement of withheld words is in the site's language at the time.
    for language in site_languages() if words else (settings.LANGUAGE_CODE,):
        with translation.override(language):
            expected = search_columns(story.public(withheld=mask(words, pictures)))
        wrong = [
            changed(name, expected[name], found.get(name))
            for name in _COLUMNS
            if expected[name] != found.get(name)
        ]
        if not wrong:
            break
    return wrong


@cache
def site_languages() -> tuple[str, ...]:
    """Return the site's languages, the present one first, each with a different replacement for withheld words."""
    found: dict[str, str] = {}
    for code in (settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES)):
        with translation.override(code):
            found.setdefault(mask([]).instead, code)
    return tuple(found.values())


def _finding(article: int, wrong: dict[int, list[FieldChange]]) -> Finding:
    numbers = listed(list(wrong))
    columns = ", ".join(dict.fromkeys(change.field for changes in wrong.values() for change in changes))
    return Finding(
        None,
        Kind.SEARCH,
        f"What is searched of story {article} (in stories_searchtext, publications {numbers}) is not what it says: "
        f"{columns}.",
        tuple(next(iter(wrong.values()))),
    )

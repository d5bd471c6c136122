"""Find other stories with the words that a story was corrected for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from stories.domain.text.ellipsis import ELLIPSIS, with_ellipsis
from stories.domain.text.letters import MARKS, UNSPACED, count_letters
from stories.domain.text.search_form import tokens
from stories.models import Publication, SearchText
from stories.queries.publishing.versions import live_publications

# A person reads each of them, and nobody reads an endless list.
MOST_FOUND = 50
# Shorter words are in half of all stories; in scripts without spaces, or with vowel signs, two letters are a word.
_SHORTEST, _SHORTEST_BEYOND_ASCII = 3, 2
_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsElsewhere:
    """A live story that contains corrected words, with an excerpt around each of them.

    `section` is that of its working copy, which decides on who may change it; None for none.
    """

    article_id: int
    slug: str
    section: str | None
    headline: str
    live_from: datetime
    excerpts: tuple[str, ...]


def stories_containing(words: Iterable[str], *, excluding: int, at: datetime) -> list[WordsElsewhere]:
    """Return live stories that contain any of some words as whole words, newest first. One query, at most fifty.

    `excluding` is the article that the words were corrected in. Withdrawn stories are left out.
    """
    sought = list(dict.fromkeys(each for word in words if _is_long(each := " ".join(word.split()))))
    if not sought:
        return []
    condition = Q()
    for word in sought:
        # In the form in which both are searched: SQLite ignores the case of plain letters alone.
        every = Q(search_text__text_words__contains="")
        for form in sorted({token.form for token in tokens(word)}):
            every &= Q(search_text__text_words__contains=form)
        condition |= every
    found = live_publications(at).filter(condition).exclude(article=excluding)
    patterns = [_pattern(word) for word in sought]
    return words_elsewhere(found, lambda texts: _around(texts.text, patterns))


def words_elsewhere(
    candidates: QuerySet[Publication], excerpts_of: Callable[[SearchText], Iterable[str]]
) -> list[WordsElsewhere]:
    """Return the newest of some stories in whose texts `excerpts_of` finds something. One query, at most fifty."""
    found = []
    newest = candidates.select_related("article", "card", "search_text").order_by("-live_from")
    for publication in newest.iterator(chunk_size=MOST_FOUND):
        excerpts = tuple(excerpts_of(publication.search_text))
        if excerpts:
            found.append(
                WordsElsewhere(
                    article_id=publication.article_id,
                    slug=publication.address_id,
                    section=publication.article.section_id,
                    headline=publication.card.headline,
                    live_from=publication.live_from,
                    excerpts=excerpts,
                )
            )
        if len(found) == MOST_FOUND:
            break
    return found


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST if word.isascii() else count_letters(word) >= _SHORTEST_BEYOND_ASCII


def _pattern(word: str) -> re.Pattern[str]:
    """Return a pattern for a whole word, if its script separates words; a vowel sign continues a word."""
    if _UNSPACED.search(word):
        return re.compile(rf"{re.escape(word)}(?![{MARKS}])")
    return re.compile(rf"(?<![\w{MARKS}]){re.escape(word)}(?![\w{MARKS}])", re.IGNORECASE)


def _around(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterable[str]:
    for pattern in patterns:
        match = pattern.search(text)
        if match is None:
            continue
        start, end = max(0, match.start() - 60), min(len(text), match.end() + 60)
        stretch = " ".join(text[start:end].split())
        yield f"{ELLIPSIS if start else ''}{with_ellipsis(stretch) if end < len(text) else stretch}"

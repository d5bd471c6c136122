"""Where else the words stand that a story was corrected for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from stories.domain.text.ellipsis import ELLIPSIS, with_ellipsis
from stories.domain.text.letters import MARKS, count_letters
from stories.domain.text.words import has_unspaced_script
from stories.models import Publication, SearchText
from stories.queries.publishing.versions import live_publications

# Each is looked at by a person: a list that goes on for ever is looked at by nobody.
MOST_FOUND = 50
# Words this short stand in half of all stories; of scripts without spaces, or with vowel signs, two letters are a word.
_SHORTEST, _SHORTEST_BEYOND_ASCII = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsElsewhere:
    """A live story that holds corrected words, with a stretch of its text around each of them."""

    article_id: int
    slug: str
    headline: str
    live_from: datetime
    excerpts: tuple[str, ...]


def stories_holding(words: Iterable[str], *, besides: int, at: datetime) -> list[WordsElsewhere]:
    """Live stories that hold any of some words as whole words, the newest first. One query, at most fifty.

    `besides` is the article that the words were corrected in. Stories that are withdrawn are left out.
    """
    sought = list(dict.fromkeys(each for word in words if _is_long(each := " ".join(word.split()))))
    if not sought:
        return []
    held = Q()
    for word in sought:
        held |= Q(search_text__text__icontains=word)
    found = live_publications(at).filter(held).exclude(article=besides)
    patterns = [_pattern(word) for word in sought]
    return words_elsewhere(found, lambda texts: _around(texts.text, patterns))


def words_elsewhere(
    held: QuerySet[Publication], excerpts_of: Callable[[SearchText], Iterable[str]]
) -> list[WordsElsewhere]:
    """The newest live stories among some in whose texts `excerpts_of` finds something. One query, at most fifty."""
    found = []
    newest = held.select_related("card", "search_text").order_by("-live_from")
    for publication in newest.iterator(chunk_size=MOST_FOUND):
        excerpts = tuple(excerpts_of(publication.search_text))
        if excerpts:
            found.append(
                WordsElsewhere(
                    article_id=publication.article_id,
                    slug=publication.address_id,
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
    """Return what finds a word by itself, where its script parts words; a vowel sign goes on with one."""
    if has_unspaced_script(word):
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

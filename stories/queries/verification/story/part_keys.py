"""Check the keys of stories' parts against their history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stories.models import PartKey
from stories.models.integrity.registry import PART_MODELS, PART_TUPLES, history_model
from stories.queries.verification.findings import UNREADABLE, Finding, Kind

# By key, the story that has it, and the field of the story.
_Holders = dict[Any, tuple[int, str]]


def check_part_keys(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every key of a part, past or present, that is not entered as that story's, or is entered without a part.

    One query a kind of part, and one.
    """
    try:
        entered, used = _entered(articles), _used(articles)
    except UNREADABLE:
        yield Finding(
            None,
            Kind.PART_KEY,
            f"A key of the stories {articles[0]} to {articles[-1]} no longer reads as one: in stories_partkey, or in a "
            "history row, which its entry names.",
        )
        return
    for key, holder in used.items():
        if entered.pop(key, None) != holder:
            yield _finding(key, holder, "is not entered as what it is")
    for key, holder in entered.items():
        yield _finding(key, holder, "is entered, and no part of it ever had it")


def _entered(articles: Sequence[int]) -> _Holders:
    rows = PartKey._base_manager.filter(article__in=articles).values_list("key", "article_id", "holder")
    return {key: (article, holder) for key, article, holder in rows}


def _used(articles: Sequence[int]) -> _Holders:
    used: _Holders = {}
    for part, model in PART_MODELS.items():
        begun: Any = history_model(model)._base_manager.filter(parent_id__in=articles, history_type="+")
        used |= {key: (parent, PART_TUPLES[part]) for key, parent in begun.values_list("key", "parent_id")}
    return used


def _finding(key: Any, holder: tuple[int, str], what: str) -> Finding:
    return Finding(None, Kind.PART_KEY, f"The key {key} of story {holder[0]} {what} (in stories_partkey).")

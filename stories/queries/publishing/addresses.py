"""The addresses that stories claimed when they went live."""

from __future__ import annotations

from itertools import count
from typing import Final

from stories.models import Article, StoryAddress

# How much of a slug remains before a number: it may have 200 characters.
_LONGEST: Final = 190


def holder_of(slug: str, *, excluding: int | None) -> Article | None:
    """Return the story that has claimed a slug; None if nobody has, or if it is the story `excluding`."""
    address = StoryAddress.objects.filter(slug=slug).select_related("article").first()
    return address.article if address is not None and address.article_id != excluding else None


def free_slug(slug: str) -> str:
    """Return an unclaimed slug made from a claimed one: with the first number that is free."""
    stem = slug[:_LONGEST]
    taken = set(StoryAddress.objects.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
    return next(free for number in count(2) if (free := f"{stem}-{number}") not in taken)

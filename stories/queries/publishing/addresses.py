"""The addresses that stories claimed when they went live."""

from __future__ import annotations

from itertools import count
from typing import Final

from stories.models import Article, StoryAddress

# How much of a slug is left where a number follows: it may have 200 characters.
_LONGEST: Final = 190


def holder_of(slug: str, *, beside: int | None) -> Article | None:
    """Return the story whose address a slug is for ever; None if it is nobody's, or that of the story `beside`."""
    address = StoryAddress.objects.filter(slug=slug).select_related("article").first()
    return address.article if address is not None and address.article_id != beside else None


def free_slug(slug: str) -> str:
    """Return a slug that no story has claimed, made of one that is taken: with the first number that is free."""
    stem = slug[:_LONGEST]
    taken = set(StoryAddress.objects.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
    return next(free for number in count(2) if (free := f"{stem}-{number}") not in taken)

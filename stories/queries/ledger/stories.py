"""Find the stories that an auditor means by what they type."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from stories.domain.text.whole_number import whole_number
from stories.models import Article, StoryAddress

MOST_STORIES: Final = 50


def stories_matching(words: str) -> list[int]:
    """Return the stories with a present or past slug, or an id; otherwise those with all the words in their headline.

    Ids of articles, the newest first: MOST_STORIES of them, and one more if there are more. Two queries at most.
    """
    exact = Q(slug=words) | Q(pk__in=StoryAddress.objects.filter(slug=words).values("article"))
    number = whole_number(words)
    if number is not None:
        exact |= Q(pk=number)
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True)
    found = list(newest.filter(exact)[: MOST_STORIES + 1])
    if found:
        return found
    containing = Q()
    for word in words.split():
        containing &= Q(headline__icontains=word) | Q(slug__icontains=word)
    return list(newest.filter(containing)[: MOST_STORIES + 1])

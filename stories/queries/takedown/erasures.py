"""Orders to erase that wait for a second person or for the command; drafts past their retention period."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet

from stories.models import Article, Erasure, ErasureOrder, Publication
from stories.queries.story.journals import newest_entry


def newest_erasure(article_id: int) -> int:
    """Return the number of a story's newest erasure, 0 if there is none. One query."""
    newest = newest_entry(Erasure, article_id)
    return newest.pk if newest is not None else 0


def newest_erasures(article_ids: Iterable[int]) -> dict[int, int]:
    """Return the number of the newest erasure of each of some stories that had one, by the story's. One query."""
    found = Erasure.objects.filter(article__in=list(article_ids)).values_list("article").annotate(Max("pk"))
    return dict(found.order_by())


def undecided_orders(*, limit: int, sections: Collection[str] = ()) -> list[ErasureOrder]:
    """Return the orders that wait for a second person, the longest first, with their stories. One query.

    With `sections`, by their slugs, those of stories in one of them.
    """
    orders = ErasureOrder.objects.filter(approval=None).select_related("article").order_by("pk")
    if sections:
        orders = orders.filter(article__section__in=sections)
    return list(orders[:limit])


def approved_orders() -> QuerySet[ErasureOrder]:
    """Return the orders that were approved and not carried out yet, the oldest first."""
    found: QuerySet[ErasureOrder] = (
        ErasureOrder.objects.filter(approval__approved=True, erasure=None)
        .select_related("article", "publication", "picture", "approval")
        .order_by("pk")
    )
    return found


def expired_drafts(days: int, *, at: datetime) -> QuerySet[Article]:
    """Return never-published stories last changed more than so many days ago, and not erased yet."""
    published = Publication.objects.not_cancelled().filter(article=OuterRef("pk"))
    erased = Erasure.objects.filter(
        article=OuterRef("pk"), order=None, recorded_at__gte=OuterRef("story_status__edited_at")
    )
    found: QuerySet[Article] = Article.objects.filter(
        ~Exists(published), ~Exists(erased), story_status__edited_at__lt=at - timedelta(days=days)
    ).order_by("pk")
    return found

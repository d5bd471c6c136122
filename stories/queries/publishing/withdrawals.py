"""Which stories are withdrawn, which drafts discarded, and to whom a story is assigned."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from stories.models import Assignment, Discard, Publication, Withdrawal
from stories.queries.story.journals import newest_entry


def withdrawal_in_force(article_id: int) -> Withdrawal | None:
    """Return the withdrawal of a story, None if it is not withdrawn. One query."""
    newest = newest_entry(Withdrawal, article_id)
    return newest if newest is not None and newest.withdrawn else None


def withdrawal_at(slug: str, *, at: datetime) -> Withdrawal | None:
    """Return the withdrawal of the story that was live under a slug, with the story's mask, or None. One query."""
    return _newest_of(Publication.objects.live(at=at).filter(address=slug))


def withdrawal_of_picture(digest: str, *, at: datetime) -> Withdrawal | None:
    """Return the withdrawal that took a picture down with its story, with the story's mask, or None. One query.

    Call it for a picture that no public version shows: every story that ever showed it is withdrawn.
    """
    return _newest_of(Publication.objects.live(at=at).filter(pictures__picture=digest))


def _newest_of(publications: QuerySet[Publication]) -> Withdrawal | None:
    rows = Withdrawal.objects.filter(article__in=publications.values("article"))
    newest = rows.select_related("article__withheld").order_by("-pk").first()
    return newest if newest is not None and newest.withdrawn else None


def times_down(article_id: int, *, at: datetime) -> list[tuple[datetime, datetime]]:
    """Return the periods for which a reinstated story was withdrawn, the oldest first. One query."""
    rows = Withdrawal.objects.filter(article=article_id, recorded_at__lte=at).order_by("pk")
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for withdrawn, moment in rows.values_list("withdrawn", "recorded_at"):
        if withdrawn:
            since = since or moment
        elif since is not None:
            found.append((since, moment))
            since = None
    return found


def is_discarded(article_id: int) -> bool:
    """Return whether a draft is discarded. One query."""
    newest = newest_entry(Discard, article_id)
    return newest is not None and newest.discarded


def assignee_of(article_id: int) -> Assignment | None:
    """Return the assignment of a story, None if it is nobody's. One query."""
    newest = newest_entry(Assignment, article_id)
    return newest if newest is not None and newest.assignee_id is not None else None

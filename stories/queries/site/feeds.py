"""The contents of feeds: the newest stories, and full pages of older ones, in the order in which they appeared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from stories.domain.snapshot import StoryKind
from stories.models.story_status import StoryStatus
from stories.models.withdrawals import Withdrawal
from stories.queries.publishing.versions import Version, live_stories, live_versions_of

PAGE_LENGTH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Live stories, and withdrawn ones of the same range, with the time of withdrawal.

    `oldest` is when the oldest of them appeared, None of an empty page.
    """

    versions: Sequence[Version]
    oldest: datetime | None
    gone: Sequence[tuple[int, datetime]] = ()


def newest_page(*, at: datetime, section: str = "") -> FeedPage:
    """Return the stories that appeared last, of a section if one is given, newest first. One query."""
    found = live_stories(at=at, limit=PAGE_LENGTH, section=section)
    return FeedPage(versions=found, oldest=found[-1].first_live_from if found else None)


def archives(*, at: datetime) -> int:
    """Return how many full archive pages there are: none while the live feed has everything. One query."""
    count = appeared(at).count()
    return count // PAGE_LENGTH if count > PAGE_LENGTH else 0


def archive_page(number: int, *, at: datetime) -> FeedPage | None:
    """Return archive page `number`, counted from 1, the oldest; None if there is none yet. Four queries."""
    if not 1 <= number <= archives(at=at):
        return None
    start = PAGE_LENGTH * (number - 1)
    articles = list(appeared(at).values_list("article", flat=True)[start : start + PAGE_LENGTH])
    found = [each for each in live_versions_of(articles, at=at) if each.kind is StoryKind.STORY]
    found.sort(key=lambda version: (version.first_live_from, version.article_id), reverse=True)
    return FeedPage(
        versions=found,
        oldest=found[-1].first_live_from if found else None,
        gone=_withdrawn(StoryStatus.objects.filter(article__in=articles)),
    )


def withdrawn_since(moment: datetime | None, *, at: datetime) -> list[tuple[int, datetime]]:
    """Return the stories that appeared since a time and are withdrawn, with when; at most a page. One query more."""
    if moment is None:
        return []
    return _withdrawn(appeared(at).filter(first_live_from__gte=moment))[:PAGE_LENGTH]


def appeared(at: datetime) -> QuerySet[StoryStatus]:
    """Return every story and page that was ever live, the first to appear first: an order that never changes."""
    return StoryStatus.objects.filter(first_live_from__lte=at).order_by("first_live_from", "article")


def _withdrawn(cards: QuerySet[StoryStatus]) -> list[tuple[int, datetime]]:
    down = cards.filter(withdrawn=True).order_by().values("article")
    rows = Withdrawal.objects.filter(article__in=down, withdrawn=True).order_by("pk")
    # The newest of several withdrawals of a story counts.
    return sorted(dict(rows.values_list("article", "recorded_at")).items())

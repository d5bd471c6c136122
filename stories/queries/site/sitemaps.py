"""The live stories as sitemaps list them, in pages that new stories do not shift."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from stories.queries.publishing.versions import Version, live_stories, live_versions_of
from stories.queries.site.feeds import appeared

# Far below the 50,000 that the protocol allows, so that a page is fast.
PAGE_LENGTH: Final = 1_000
# The limit of the news sitemap.
MOST_NEWS: Final = 1_000


def sitemap_pages(*, at: datetime) -> int:
    """Return how many pages the sitemap has, at least one. One query."""
    return max(1, -(-appeared(at).count() // PAGE_LENGTH))


def sitemap_page(number: int, *, at: datetime) -> Sequence[Version] | None:
    """Return the live stories and pages of one page, counted from 1, the oldest first; None if it does not exist.

    Three queries.
    """
    if not 1 <= number <= sitemap_pages(at=at):
        return None
    start = PAGE_LENGTH * (number - 1)
    articles = list(appeared(at).values_list("article", flat=True)[start : start + PAGE_LENGTH])
    found = live_versions_of(articles, at=at)
    return sorted(found, key=lambda version: (version.first_live_from, version.article_id))


def news_since(moment: datetime, *, at: datetime) -> list[Version]:
    """Return the stories that appeared since a time, newest first. One query."""
    return live_stories(at=at, limit=MOST_NEWS, since=moment)

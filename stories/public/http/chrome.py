"""What every page's header and footer show: looked up once a minute, and kept in the process itself.

A page that is kept costs its reader little more than this: even the process's own cache would take longer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from stories.queries.publishing.versions import live_pages, live_sections, next_live_from

# For how long a page, and the frame around it, count as fresh, in seconds.
FRESH: Final = 60


@dataclass(frozen=True, slots=True)
class SiteChrome:
    """The live sections of the site (slug, name) and its pages (slug, headline, language), as they were at a time.

    `next_live_from` is when something of the site goes live next, None where nothing is pending; `digest` tells one
    frame from another.
    """

    sections: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str, str], ...]
    next_live_from: datetime | None
    digest: str
    made_at: datetime

    @property
    def context(self) -> dict[str, Any]:
        """The template context of the header and footer."""
        return {
            "sections": self.sections,
            "pages": self.pages,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }

    def holds(self, *, at: datetime) -> bool:
        """Return whether it is still current."""
        return (
            self.made_at
            <= at
            < self.made_at + timedelta(seconds=fresh_for(self.next_live_from, at=self.made_at))
        )


_newest: list[SiteChrome] = []


def site_chrome(at: datetime) -> SiteChrome:
    """Return the header and footer's data. Three queries, at most once a minute; sooner if something has gone live."""
    for known in _newest:
        if known.holds(at=at):
            return known
    return fresh_site_chrome(at)


def fresh_site_chrome(at: datetime) -> SiteChrome:
    """Look the header and footer's data up now, and cache it for the next pages. Three queries."""
    sections = tuple(live_sections(at=at))
    pages = tuple((page.slug, page.headline, page.language) for page in live_pages(at=at))
    digest = hashlib.sha256(repr((sections, pages)).encode()).hexdigest()[:16]
    made = SiteChrome(sections, pages, next_live_from(at=at), digest, at)
    _newest[:] = [made]
    return made


def clear() -> None:
    """Look it up anew for the next page."""
    _newest.clear()


def fresh_for(pending_from: datetime | None, *, at: datetime) -> int:
    """Return for how many seconds a live page is fresh: a minute, or less if something else goes live sooner."""
    if pending_from is None:
        return FRESH
    return max(0, min(FRESH, int((pending_from - at).total_seconds())))

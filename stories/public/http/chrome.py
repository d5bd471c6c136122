"""What every page's header and footer show: stored in the process itself, and looked up again once the site changes.

A cached page costs little more than this lookup, for which even the process's own cache would be too slow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from stories.queries.publishing.versions import live_pages, live_sections, next_live_from
from stories.queries.site.freshness import is_fresh
from stories.queries.site.site_state import site_state

# For how many seconds a page, and its header and footer, count as fresh.
MAX_AGE: Final = 60
# How often, in seconds, a process looks whether the site changed: what is withheld of a page's headline leaves the
# footers of all others, too.
LOOK_EVERY: Final = 1.0


@dataclass(frozen=True, slots=True)
class SiteChrome:
    """The live sections of the site (slug, name) and its pages (slug, headline, language), as they were at a time.

    `next_live_from` is when something of the site goes live next, None if nothing is pending. `digest` identifies the
    content. `state` is the site's when it was looked up, "" if that is not known, and `looked_at` when it was the same.
    """

    sections: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str, str], ...]
    next_live_from: datetime | None
    digest: str
    made_at: datetime
    state: str
    looked_at: datetime

    @property
    def context(self) -> dict[str, Any]:
        """The template context of the header and footer."""
        return {
            "sections": self.sections,
            "pages": self.pages,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }

    def is_current(self, *, at: datetime) -> bool:
        """Return whether it is still current."""
        return (
            self.made_at
            <= at
            < self.made_at + timedelta(seconds=max_age(self.next_live_from, at=self.made_at))
        )


_newest: list[SiteChrome] = []


def site_chrome(at: datetime) -> SiteChrome:
    """Return the header and footer's data. Three queries, at most once a minute; sooner if something has gone live.

    One query, at most once a second, to see whether anything changed meanwhile.
    """
    for chrome in _newest:
        if chrome.is_current(at=at) and is_fresh(chrome.made_at):
            if chrome.looked_at <= at < chrome.looked_at + timedelta(seconds=LOOK_EVERY):
                return chrome
            state = site_state(at)
            if state != chrome.state:
                return fresh_site_chrome(at, state=state)
            _newest[:] = [replace(chrome, looked_at=at)]
            return chrome
    return fresh_site_chrome(at)


def fresh_site_chrome(at: datetime, *, state: str = "") -> SiteChrome:
    """Look the header and footer's data up now, and cache it for the next pages. Three queries."""
    sections = tuple(live_sections(at=at))
    pages = tuple((page.slug, page.headline, page.language) for page in live_pages(at=at))
    digest = hashlib.sha256(repr((sections, pages)).encode()).hexdigest()[:16]
    made = SiteChrome(sections, pages, next_live_from(at=at), digest, at, state, at)
    _newest[:] = [made]
    return made


def clear() -> None:
    """Drop the stored data, so that the next page looks it up."""
    _newest.clear()


def max_age(pending_from: datetime | None, *, at: datetime) -> int:
    """Return for how many seconds a live page is fresh: a minute, or less if something else goes live sooner."""
    if pending_from is None:
        return MAX_AGE
    return max(0, min(MAX_AGE, int((pending_from - at).total_seconds())))

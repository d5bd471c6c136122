"""Copies of readers' pages, shown with their age while the database can't be reached.

A copy is stored in the shared cache for ten minutes after the page was last read from the database. Every takedown
stores its time in the same cache, and only copies that are newer may be shown. A cache of one process's own would
not learn of other processes' takedowns, so nothing is stored in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from stories.domain.stale_copies import TAKEDOWN_KEY

# For how many seconds a copy may be shown after it was read from the database, and how often it is renewed.
_MAX_AGE: Final = 600
_RENEW_AFTER: Final = 60
_LARGEST: Final = 500_000
# Hosts' clocks differ a little: a copy must be newer than a takedown by so many seconds.
_MARGIN: Final = 5.0
_MOST_PATHS: Final = 10_000
_HEADERS: Final = ("Content-Type", "Link", "Memento-Datetime", "Content-Language")

# When this process last stored a copy of a path, by its own clock.
_stored_at: Final[dict[str, float]] = {}


@dataclass(frozen=True, slots=True)
class StaleCopy:
    """A page as it was sent, and when it was requested, in seconds since 1970."""

    content: bytes
    headers: dict[str, str]
    asked_at: float


def store_copy(request: HttpRequest, response: HttpResponseBase, *, asked_at: float) -> None:
    """Store a copy of a reader's page, each page at most once a minute. One write to the cache, no query."""
    if not settings.SHARED_CACHE or request.method != "GET" or request.META.get("QUERY_STRING"):
        return
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return
    if "public" not in response.get("Cache-Control", ""):
        return
    now, path = time.monotonic(), request.path_info
    if now - _stored_at.get(path, -_RENEW_AFTER) < _RENEW_AFTER or len(response.content) > _LARGEST:
        return
    if len(_stored_at) >= _MOST_PATHS:
        _stored_at.clear()
    _stored_at[path] = now
    headers = {name: response[name] for name in _HEADERS if name in response}
    cache.set(_key(path), StaleCopy(response.content, headers, asked_at), timeout=_MAX_AGE)


def stale_copy(request: HttpRequest) -> HttpResponse | None:
    """Return the copy of a page with a sentence on its age, None if there is none that may be shown."""
    if not settings.SHARED_CACHE or request.method not in ("GET", "HEAD"):
        return None
    found = cache.get_many([_key(request.path_info), TAKEDOWN_KEY])
    copy, taken_down = found.get(_key(request.path_info)), found.get(TAKEDOWN_KEY, 0.0)
    if not isinstance(copy, StaleCopy) or copy.asked_at <= taken_down + _MARGIN:
        return None
    banner = render_to_string("stories/public/stale.html", {"at": datetime.fromtimestamp(copy.asked_at, UTC)})
    content = copy.content.replace(b"<main", banner.encode() + b"<main", 1)
    response = HttpResponse(content, headers=copy.headers)
    response["Cache-Control"] = "no-store"
    # RFC 9211: which cache this is, and why it serves a stale page.
    response["Cache-Status"] = "newsroom; hit; detail=database-away"
    return response


def clear() -> None:
    """Forget when copies were stored, so that all pages store new ones."""
    _stored_at.clear()


def _key(path: str) -> str:
    return f"stale:{path}"

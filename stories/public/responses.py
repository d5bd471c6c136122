"""Answers to readers: the same for everyone, so that every cache between us may keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from stories.domain.snapshot import StoryKind
from stories.queries.versions import Version, live_pages, live_sections

LIVE: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
# Never `immutable`: the banner of an old version changes, and what is withheld must leave every cache.
SETTLED: Final = "public, max-age=300"
# A browser keeps a permanent redirect for good, and a story may take an earlier slug again.
MOVED: Final = "public, max-age=300"

_FRAME_SECONDS = 60


def frame(at: datetime) -> dict[str, Any]:
    """What every page's header and footer show. Two queries, at most once a minute."""
    kept = cache.get("frame")
    return fresh_frame(at) if kept is None else {**kept, **_site()}


def fresh_frame(at: datetime) -> dict[str, Any]:
    """The frame as it is now, kept for the pages that follow. Two queries."""
    pages = [(page.slug, page.headline) for page in live_pages(at=at)]
    made = {"sections": live_sections(at=at), "pages": pages}
    cache.set("frame", made, _FRAME_SECONDS)
    return {**made, **_site()}


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    at: datetime,
    keep: str = LIVE,
    changed_at: datetime | None = None,
) -> HttpResponse:
    """A page with its caching headers; 304 where the reader has it already.

    `keep` is its Cache-Control, `changed_at` its Last-Modified. No context processor runs: nothing of a
    session, a cookie or a user can come into a public page.
    """
    content = render_to_string(template, {**frame(at), **context}).encode()
    response = HttpResponse(content)
    response["Cache-Control"] = keep
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["ETag"] = etag
    modified = None
    if changed_at is not None:
        modified = int(changed_at.timestamp())
        response["Last-Modified"] = http_date(modified)
    answer = get_conditional_response(request, etag=etag, last_modified=modified, response=response)
    assert isinstance(answer, HttpResponse)
    if answer.status_code == 304:
        answer["Cache-Control"] = keep
    return answer


def address_of(version: Version) -> str:
    """The address of the story or page that a version is of."""
    return reverse("public:page" if version.kind is StoryKind.PAGE else "public:story", args=[version.slug])


def moved(address: str) -> HttpResponsePermanentRedirect:
    """A permanent redirect that caches let go of in time."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = MOVED
    return response


def not_found(*, at: datetime) -> HttpResponse:
    """The one answer to what is unknown and to what is not public yet: nobody can tell which."""
    return HttpResponse(render_to_string("404.html", frame(at)), status=404)

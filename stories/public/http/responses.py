"""Answers to readers: the same for everyone, so that every cache between us may keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from stories.domain.snapshot import StoryKind
from stories.domain.surrogate_keys import LISTS, story_key
from stories.public.http.cache import get_or_render
from stories.public.http.chrome import FRESH, fresh_for, site_chrome
from stories.queries.publishing.versions import Version
from stories.queries.site.live_pages import LivePage, live_page
from stories.queries.verification.consistent_view import consistent_view
from stories.rendering.fingerprint import fingerprint
from stories.rendering.tidy import tidied

LIVE: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
# Never `immutable`: the banner of an old version changes, and what is withheld must leave every cache.
SETTLED: Final = "public, max-age=300"
# A browser keeps a permanent redirect for good, and a story may take an earlier slug again.
MOVED: Final = "public, max-age=300"
NOT_YET: Final = "no-cache"

# How long caches may show a live page while they ask for it anew, in seconds.
_STALE_SECONDS: Final = 300
# How long a whole page is kept after it was made, in seconds: frames come and go, and their pages with them.
_PAGE_SECONDS: Final = 3_600


def live_for(pending_from: datetime | None, *, at: datetime) -> str:
    """Return the Cache-Control of a live page: a minute, or less if something else goes live sooner."""
    if pending_from is not None and (pending_from - at).total_seconds() < FRESH + _STALE_SECONDS:
        return f"public, max-age={fresh_for(pending_from, at=at)}, stale-if-error=86400"
    return LIVE


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    at: datetime,
    keep: str = LIVE,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """Return a page with its caching headers, or 304 if the reader has it already.

    `keep` is its Cache-Control, `keys` are the names by which caches let it go. No context processor runs: nothing of a
    session, a cookie or a user can come into a public page.
    """
    content = tidied(render_to_string(template, {**site_chrome(at).context, **context})).encode()
    return conditional(request, HttpResponse(content), at=at, keep=keep, keys=keys)


class Overtaken(Exception):
    """What a page is made of changed while it was being read."""


def respond_cached(
    request: HttpRequest,
    template: str,
    page: LivePage,
    make: Callable[[], tuple[Mapping[str, Any], Mapping[str, str]]],
    *,
    at: datetime,
    part: str = "",
    keep: str = SETTLED,
) -> HttpResponse:
    """Return a page of a live story, cached whole until the story changes: one query to find its cache key.

    304 before anything more is read; rendered once a process. `page` is the story as it stands, `part` which of its
    pages by this template this is; `make` gives its context and its further headers. Raises Overtaken if the story
    changes meanwhile.
    """
    around = site_chrome(at)
    stands = (page.fingerprint, page.slug, str(page.developing), str(page.withdrawals))
    # The site speaks one language, that of its settings; to ask which is active takes longer than the query.
    known_by = "|".join((template, part, *stands, fingerprint(), settings.LANGUAGE_CODE, around.digest))
    etag = f'"{hashlib.sha256(known_by.encode()).hexdigest()[:32]}"'
    # Banners come and go between versions, and so do words that are withheld: where there are any, the time of the
    # version says too little.
    settled = not (page.developing or page.withdrawals or page.masked)
    modified = int(page.live_from.timestamp()) if settled else None

    def whole() -> tuple[bytes, dict[str, str]]:
        with consistent_view():
            context, headers = make()
            content = tidied(render_to_string(template, {**around.context, **context})).encode()
        # Else it would be kept under a name that is not its own: what was shown for a moment, say, under that of what
        # is withheld.
        if live_page(page.slug, at=at) != page:
            raise Overtaken
        return content, {**headers, **tags((story_key(page.article_id),))}

    response = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        content, headers = get_or_render(f"page:{etag}", whole, seconds=_PAGE_SECONDS)
        response = HttpResponse(content, headers=headers)
    assert isinstance(response, HttpResponse)
    response["Cache-Control"] = keep
    response["ETag"] = etag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    return response


def tags(keys: Sequence[str]) -> dict[str, str]:
    """Return the headers that name a page to caches. Each kind of cache reads its own."""
    return {"Surrogate-Key": " ".join(keys), "Cache-Tag": ",".join(keys)}


def conditional(
    request: HttpRequest,
    response: HttpResponse,
    *,
    at: datetime,
    keep: str = LIVE,
    changed_at: datetime | None = None,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """Return a response with its caching headers, or 304 if the reader has it already.

    What is live is asked for anew as soon as anything of the site goes live. `changed_at` is its Last-Modified.
    """
    if keep == LIVE:
        keep = live_for(site_chrome(at).next_live_from, at=at)
    response["Cache-Control"] = keep
    for name, value in tags(keys).items():
        response[name] = value
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
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


def address_of(version: Version | LivePage) -> str:
    """Return the address of a version's story or page."""
    return reverse("public:page" if version.kind is StoryKind.PAGE else "public:story", args=[version.slug])


def absolute(address: str) -> str:
    """Return one of our addresses with scheme and host."""
    return f"{settings.SITE_URL}{address}"


def moved(address: str) -> HttpResponsePermanentRedirect:
    """Return a permanent redirect that caches drop after a few minutes."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = MOVED
    return response


def busy(wait: int, *, at: datetime) -> HttpResponse:
    """Return a 503 page; `wait` is in how many seconds to ask again."""
    response = HttpResponse(
        tidied(render_to_string("stories/public/busy.html", site_chrome(at).context)), status=503
    )
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def not_found(*, at: datetime) -> HttpResponse:
    """Return the same 404 page for what is unknown and for what is not public yet, so that nobody can tell which."""
    response = HttpResponse(tidied(render_to_string("404.html", site_chrome(at).context)), status=404)
    # What is not there yet may be there in a minute: nobody may go on saying that it is not.
    response["Cache-Control"] = NOT_YET
    return response

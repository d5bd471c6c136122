"""Responses to readers: the same for everyone, so that every cache on the way may store them."""

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
from stories.public.http.chrome import MAX_AGE, max_age, site_chrome
from stories.queries.publishing.versions import Version
from stories.queries.site.live_pages import LivePage, live_page
from stories.queries.verification.consistent_view import consistent_view
from stories.rendering.fingerprint import fingerprint
from stories.rendering.tidy import tidy_html

LIVE: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
# Never `immutable`: the banner of an old version changes, and what is withheld must leave every cache.
SETTLED: Final = "public, max-age=300"
# Browsers would store a permanent redirect for good, but a story may get an earlier slug again.
MOVED: Final = "public, max-age=300"
NOT_YET: Final = "no-cache"

# For how many seconds caches may serve a live page while they revalidate it.
_STALE_SECONDS: Final = 300
# For how many seconds a whole page is cached: a new header makes new pages, and the old ones have to go.
_PAGE_SECONDS: Final = 3_600


def live_for(pending_from: datetime | None, *, at: datetime) -> str:
    """Return the Cache-Control of a live page: a minute, or less if something else goes live sooner."""
    if pending_from is not None and (pending_from - at).total_seconds() < MAX_AGE + _STALE_SECONDS:
        return f"public, max-age={max_age(pending_from, at=at)}, stale-if-error=86400"
    return LIVE


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    at: datetime,
    cache_control: str = LIVE,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """Return a page with its caching headers, or 304 if the reader has it already.

    `cache_control` is its Cache-Control, `keys` are the names by which caches purge it. No context processor runs, so
    that nothing of a session, a cookie or a user can get into a public page.
    """
    content = tidy_html(render_to_string(template, {**site_chrome(at).context, **context})).encode()
    return conditional(request, HttpResponse(content), at=at, cache_control=cache_control, keys=keys)


class Overtaken(Exception):
    """The data of a page changed while it was being read."""


def respond_cached(
    request: HttpRequest,
    template: str,
    page: LivePage,
    make: Callable[[], tuple[Mapping[str, Any], Mapping[str, str]]],
    *,
    at: datetime,
    part: str = "",
    cache_control: str = SETTLED,
) -> HttpResponse:
    """Return a page of a live story, cached whole until the story changes: one query to find its cache key.

    A 304 reads nothing more; the page is rendered once a process. `page` is the story's state, `part` names one of its
    pages by the template, `make` returns the context and further headers. Raise Overtaken if the story changes.
    """
    chrome = site_chrome(at)
    state = (page.fingerprint, page.slug, str(page.developing), str(page.withdrawals))
    # The site has one language, that of its settings; get_language() takes longer than the query.
    cache_key = "|".join((template, part, *state, fingerprint(), settings.LANGUAGE_CODE, chrome.digest))
    etag = f'"{hashlib.sha256(cache_key.encode()).hexdigest()[:32]}"'
    # Banners and withheld words change between versions: if there are any, the version's time is no Last-Modified.
    settled = not (page.developing or page.withdrawals or page.masked)
    last_modified = int(page.live_from.timestamp()) if settled else None

    def render_page() -> tuple[bytes, dict[str, str]]:
        with consistent_view():
            context, headers = make()
            content = tidy_html(render_to_string(template, {**chrome.context, **context})).encode()
        # If the story changed meanwhile, the page must not be cached under the key of its former state: words withheld
        # since would be shown by it.
        if live_page(page.slug, at=at) != page:
            raise Overtaken
        return content, {**headers, **tags((story_key(page.article_id),))}

    response = get_conditional_response(request, etag=etag, last_modified=last_modified)
    if response is None:
        content, headers = get_or_render(f"page:{etag}", render_page, seconds=_PAGE_SECONDS)
        response = HttpResponse(content, headers=headers)
    assert isinstance(response, HttpResponse)
    response["Cache-Control"] = cache_control
    response["ETag"] = etag
    if last_modified is not None:
        response["Last-Modified"] = http_date(last_modified)
    return response


def tags(keys: Sequence[str]) -> dict[str, str]:
    """Return the headers that name a page to caches. Each kind of cache reads its own."""
    return {"Surrogate-Key": " ".join(keys), "Cache-Tag": ",".join(keys)}


def conditional(
    request: HttpRequest,
    response: HttpResponse,
    *,
    at: datetime,
    cache_control: str = LIVE,
    changed_at: datetime | None = None,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """Return a response with its caching headers, or 304 if the reader has it already.

    A live page expires as soon as anything of the site goes live. `changed_at` is its Last-Modified.
    """
    if cache_control == LIVE:
        cache_control = live_for(site_chrome(at).next_live_from, at=at)
    response["Cache-Control"] = cache_control
    for name, value in tags(keys).items():
        response[name] = value
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    last_modified = None
    if changed_at is not None:
        last_modified = int(changed_at.timestamp())
        response["Last-Modified"] = http_date(last_modified)
    answer = get_conditional_response(request, etag=etag, last_modified=last_modified, response=response)
    assert isinstance(answer, HttpResponse)
    if answer.status_code == 304:
        answer["Cache-Control"] = cache_control
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
        tidy_html(render_to_string("stories/public/busy.html", site_chrome(at).context)), status=503
    )
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def not_found(*, at: datetime) -> HttpResponse:
    """Return the same 404 page for what is unknown and for what is not public yet, so that nobody can tell which."""
    response = HttpResponse(tidy_html(render_to_string("404.html", site_chrome(at).context)), status=404)
    # It may be there in a minute: no cache may store that it is not.
    response["Cache-Control"] = NOT_YET
    return response

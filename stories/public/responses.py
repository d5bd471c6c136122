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

from stories.domain.purging import LISTS
from stories.domain.snapshot import StoryKind
from stories.public.frames import FRESH, frame, fresh_for
from stories.public.kept import kept
from stories.queries.live_pages import LivePage
from stories.queries.versions import Version
from stories.rendering.fingerprint import fingerprint

LIVE: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
# Never `immutable`: the banner of an old version changes, and what is withheld must leave every cache.
SETTLED: Final = "public, max-age=300"
# A browser keeps a permanent redirect for good, and a story may take an earlier slug again.
MOVED: Final = "public, max-age=300"
NOT_YET: Final = "no-cache"

# How long caches may show a live page while they ask for it anew, in seconds.
_STALE: Final = 300
# How long a whole page is kept after it was made, in seconds: frames come and go, and their pages with them.
_PAGE: Final = 3_600


def live_for(pending_from: datetime | None, *, at: datetime) -> str:
    """The Cache-Control of a live page: a minute, or less where something else goes live sooner."""
    if pending_from is not None and (pending_from - at).total_seconds() < FRESH + _STALE:
        return f"public, max-age={fresh_for(pending_from, at=at)}, stale-if-error=86400"
    return LIVE


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    at: datetime,
    keep: str = LIVE,
    changed_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """A page with its caching headers; 304 where the reader has it already.

    `keep` is its Cache-Control, `changed_at` its Last-Modified, `headers` are further ones, `keys` the names by which
    caches let it go. No context processor runs: nothing of a session, a cookie or a user can come into a public page.
    """
    around = frame(at)
    content = render_to_string(template, {**around.context, **context}).encode()
    keep = live_for(around.next_live_from, at=at) if keep == LIVE else keep
    response = HttpResponse(content, headers=headers)
    return conditional(request, response, keep=keep, changed_at=changed_at, keys=keys)


def respond_kept(
    request: HttpRequest,
    template: str,
    identity: str,
    make: Callable[[], tuple[Mapping[str, Any], Mapping[str, str]]],
    *,
    at: datetime,
    keys: Sequence[str],
    pending_from: datetime | None,
    changed_at: datetime | None = None,
) -> HttpResponse:
    """A live page that is kept whole under its identity: 304 before anything is read, rendered once a process.

    `identity` is all that the page is made of beside the code, the language and the frame; `make` gives its context
    and its further headers. `pending_from` is when another version takes its place.
    """
    around = frame(at)
    # The site speaks one language, that of its settings; to ask which is active takes longer than the query.
    known_by = "|".join((identity, fingerprint(), settings.LANGUAGE_CODE, around.digest))
    etag = f'"{hashlib.sha256(known_by.encode()).hexdigest()[:32]}"'
    modified = int(changed_at.timestamp()) if changed_at is not None else None

    def whole() -> tuple[bytes, dict[str, str]]:
        context, headers = make()
        return render_to_string(template, {**around.context, **context}).encode(), {**headers, **tags(keys)}

    response = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        content, headers = kept(f"page:{etag}", whole, seconds=_PAGE)
        response = HttpResponse(content, headers=headers)
    assert isinstance(response, HttpResponse)
    response["Cache-Control"] = live_for(pending_from, at=at)
    response["ETag"] = etag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    return response


def changed_at(version: Version) -> datetime | None:
    """The Last-Modified of a page whose newest version this is; None where words of it come and go."""
    return None if version.mask.words or version.mask.pictures else version.live_from


def tags(keys: Sequence[str]) -> dict[str, str]:
    """The headers that name a page to caches: each kind of cache reads its own."""
    return {"Surrogate-Key": " ".join(keys), "Cache-Tag": ",".join(keys)}


def conditional(
    request: HttpRequest,
    response: HttpResponse,
    *,
    keep: str,
    changed_at: datetime | None = None,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    """An answer with its caching headers; 304 where the reader has it already."""
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
    """The address of the story or page that a version is of."""
    return reverse("public:page" if version.kind is StoryKind.PAGE else "public:story", args=[version.slug])


def absolute(address: str) -> str:
    """An address of ours with scheme and host, as readers use it."""
    return f"{settings.SITE_URL}{address}"


def moved(address: str) -> HttpResponsePermanentRedirect:
    """A permanent redirect that caches let go of in time."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = MOVED
    return response


def busy(wait: int, *, at: datetime) -> HttpResponse:
    """The answer while there is no time for more; `wait` is in how many seconds to ask again."""
    response = HttpResponse(render_to_string("stories/public/busy.html", frame(at).context), status=503)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def not_found(*, at: datetime) -> HttpResponse:
    """The one answer to what is unknown and to what is not public yet: nobody can tell which."""
    response = HttpResponse(render_to_string("404.html", frame(at).context), status=404)
    # What is not there yet may be there in a minute: nobody may go on saying that it is not.
    response["Cache-Control"] = NOT_YET
    return response

"""Pages of lists, cached whole until the state of the site changes."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Final, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from stories.public.http.cache import get_or_render
from stories.public.http.chrome import site_chrome
from stories.public.http.consistency import consistent, retry_if_overtaken
from stories.public.http.responses import SETTLED, Overtaken, live_for
from stories.queries.site.site_state import site_state
from stories.queries.verification.consistent_view import consistent_view
from stories.rendering.fingerprint import fingerprint

View = TypeVar("View", bound=Callable[..., HttpResponse])

# Each change of the site makes new pages, and the old ones have to go.
_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    headers: dict[str, str]


class _NotCached(Exception):
    """There is no such list, or it is elsewhere."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def cached_list(view: View) -> View:
    """Cache a list's page under the state of the site: one query if it is cached.

    The view is given the time, `at`, and its queries read the database as of one moment. Addresses with a query, of
    which there are any number, are made anew.
    """
    uncached = consistent(view)

    @retry_if_overtaken
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        at = timezone.now()
        if request.META.get("QUERY_STRING"):
            return uncached(request, *args, at=at, **kwargs)
        chrome, state = site_chrome(at), site_state(at)

        def make() -> _Page:
            with consistent_view():
                response = view(_unconditional(request), *args, at=at, **kwargs)
                # What is cached under a state must be of that state.
                if site_state(at) != state:
                    raise Overtaken
            if response.status_code != 200:
                raise _NotCached(response)
            return _Page(response.content, dict(response.items()))

        key = "|".join((request.path_info, state, chrome.digest, fingerprint(), settings.LANGUAGE_CODE))
        try:
            page = get_or_render(f"list:{sha256(key.encode()).hexdigest()}", make, seconds=_SECONDS)
        except _NotCached as found:
            return found.response
        response = HttpResponse(page.content, headers=page.headers)
        if response["Cache-Control"] != SETTLED:
            response["Cache-Control"] = live_for(chrome.next_live_from, at=at)
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        assert isinstance(answer, HttpResponse)
        return answer

    return cast(View, wrapper)


def _unconditional(request: HttpRequest) -> HttpRequest:
    """Return a request for a whole page, whatever copy of it the reader has."""
    whole = copy(request)
    whole.META = {name: value for name, value in request.META.items() if not name.startswith("HTTP_IF_")}
    whole.__dict__.pop("headers", None)
    return whole

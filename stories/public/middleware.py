"""Answer requests for readers' pages before sessions and sign-in are looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

_ANSWERED: Final = frozenset(
    {
        *("story", "page", "versions", "version", "compare", "story_data", "story_feed"),
        *(
            "front",
            "section",
            "author",
            "corrections",
            "feed",
            "json_feed",
            "section_feed",
            "corrections_feed",
        ),
    }
)


class StoryPageMiddleware:
    """Middleware that answers requests for stories and lists, and passes on all others.

    It comes before sessions, sign-in, messages and CSRF: these pages are the same for everybody, and those would take
    longer than a page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _public_match(request.path_info) if request.method == "GET" else None
        if match is None or match.url_name not in _ANSWERED:
            return self._get_response(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, **match.kwargs)
        # Without it, the server uses chunked encoding.
        response["Content-Length"] = str(len(response.content))
        return response


def _public_match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path, "stories.public.urls")
    except Resolver404:
        return None

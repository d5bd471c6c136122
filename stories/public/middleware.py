"""Answer requests for stories before sessions and sign-in are looked up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve


class StoryPageMiddleware:
    """Middleware that answers requests for a story's page, and passes on all others.

    It comes before sessions, sign-in, messages and CSRF: a story's page is the same for everybody, and those would take
    longer than the page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _public_match(request.path_info) if request.method == "GET" else None
        if match is None or match.url_name != "story":
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

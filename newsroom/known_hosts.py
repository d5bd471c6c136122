"""Check the host of every request before anything else can answer it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class KnownHostsMiddleware:
    """Refuse a host that ALLOWED_HOSTS does not name with 400, before anything else could answer.

    Django checks the host only when it is read. Static files, stored copies and readers' stories are answered by
    middleware that never reads it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on. Raise DisallowedHost."""
        request.get_host()
        return self._get_response(request)

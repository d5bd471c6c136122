"""Only the site's own hosts are answered, whatever is asked for and whatever would answer it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class KnownHostsMiddleware:
    """Refuse a host that ALLOWED_HOSTS does not name with 400, before anything else could answer.

    Django looks at the host where something asks for it. Static files, kept copies and readers' stories are answered
    by middleware that never does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as what stands below does. Raises DisallowedHost."""
        request.get_host()
        return self._get_response(request)

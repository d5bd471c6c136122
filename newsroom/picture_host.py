"""Serve pictures from a host of their own, which serves nothing else, and knows nobody."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from django.urls import Resolver404, ResolverMatch, resolve

from newsroom.database_outage import DatabaseOutageMiddleware

# Of an answer without a picture: what caches need to know of it.
_KEPT: Final = ("Cache-Control", "Retry-After", "Surrogate-Key", "Cache-Tag")


class PictureHostMiddleware:
    """Middleware that answers all that the host of MEDIA_ORIGIN is asked, and leads pictures of the site's host there.

    What somebody has uploaded then never comes from where people are signed in, whatever a browser may take it for. The
    site still answers itself, since it knows which pictures are public. It comes before everything that reads or sets
    cookies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._host = urlsplit(settings.MEDIA_ORIGIN).hostname
        # As Django wraps each middleware; its types also know those that are awaited.
        answer: Any = convert_exception_to_response(_picture)
        self._picture = DatabaseOutageMiddleware(answer)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_ours = split_domain_port(request.META.get("HTTP_HOST", "").lower())[0] == self._host
        match = _match(request)
        if not is_ours:
            return self._get_response(request) if match is None else _moved(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return _moved(request) if match else _bare(HttpResponse(status=404))
        if match is None or request.method not in ("GET", "HEAD"):
            return _bare(HttpResponse(status=404 if match is None else 405))
        request.resolver_match = match
        response = self._picture(request)
        if response.status_code not in (200, 304):
            response = _bare(response)
        if settings.SECURE_HSTS_SECONDS:
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Return the match of a picture's address, None for any other."""
    if not request.path_info.startswith("/pictures/"):
        return None
    try:
        match = resolve(request.path_info, "stories.public.urls")
    except Resolver404:
        return None
    return match if match.url_name == "picture" else None


def _picture(request: HttpRequest) -> HttpResponseBase:
    match = request.resolver_match
    assert match is not None
    response: HttpResponseBase = match.func(request, **match.kwargs)
    return response


def _moved(request: HttpRequest) -> HttpResponse:
    address = f"{settings.MEDIA_ORIGIN}{request.path_info}"
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "public, max-age=300"})


def _bare(response: HttpResponseBase) -> HttpResponse:
    """Return an answer without its page, which would have links to addresses that are not on this host."""
    phrase = HTTPStatus(response.status_code).phrase
    kept = {name: response[name] for name in _KEPT if name in response}
    return HttpResponse(f"{phrase}\n", status=response.status_code, content_type="text/plain", headers=kept)

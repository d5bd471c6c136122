"""The request that a thread answers: its id and the name of its view, for whatever is logged or counted meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Where gunicorn's access log finds them (deploy/gunicorn.conf.py).
REQUEST_ID: Final = "newsroom.request_id"
VIEW: Final = "newsroom.view"
# The label of requests that reached no view, such as those for static files and unknown addresses.
NO_VIEW: Final = "-"

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: Final[ContextVar[HttpRequest | None]] = ContextVar("current_request", default=None)


class RequestIdMiddleware:
    """Middleware that gives each request an id, which every line of the log has that is written meanwhile.

    Answers that caches may store don't carry it: whoever gets a stored page would get the id of somebody else's
    request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META[REQUEST_ID] = _sent_id(request) or uuid4().hex
        token = _current.set(request)
        try:
            response = self._get_response(request)
        finally:
            request.META[VIEW] = view_name()
            _current.reset(token)
        if not _may_be_stored(response):
            response["X-Request-Id"] = request.META[REQUEST_ID]
        return response


def request_id() -> str:
    """Return the id of the request that this thread answers, "" if it answers none."""
    request = _current.get()
    return request.META[REQUEST_ID] if request is not None else ""


def view_name() -> str:
    """Return the name of the view that answers this thread's request, "-" if there is none (yet)."""
    match = getattr(_current.get(), "resolver_match", None)
    # Stories are resolved before the other addresses, without the namespace.
    return match.view_name.removeprefix("public:") if match is not None else NO_VIEW


def _sent_id(request: HttpRequest) -> str:
    """Return the id that our own proxy has given to a request, "" if there is no proxy or the id is malformed."""
    sent: str = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return sent if _WELL_FORMED.fullmatch(sent) else ""


def _may_be_stored(response: HttpResponseBase) -> bool:
    """Return whether a shared cache may store a response; none stores an error without being told to."""
    directives = response.get("Cache-Control", "")
    return response.status_code < 500 and "no-store" not in directives and "private" not in directives

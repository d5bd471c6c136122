"""Show the desk in each person's own language and time zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from stories.models import User


class OwnLocaleMiddleware:
    """Middleware that activates the language and time zone of whoever is signed in, for the desk's pages alone.

    Readers' pages vary with nobody, and are not asked who reads them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    @cached_property
    def _desk(self) -> str:
        return reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self._desk) or not isinstance(request.user, User):
            return self._get_response(request)
        with request.user.locale():
            return self._get_response(request)

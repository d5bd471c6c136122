"""Answer requests that would write to a database which is an older copy, on pages that show no refusals themselves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from newsroom.errors import not_saved
from stories.actions.errors import LedgerBehind


class OlderCopyMiddleware:
    """Show the sentence of a refusal that reached no form: accounts, groups, sections and authors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the refusal; with nothing for any other exception."""
        return not_saved(request, str(exception)) if isinstance(exception, LedgerBehind) else None

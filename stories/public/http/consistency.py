"""Let a page that needs several queries show the site as of one moment, whatever is published meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stories.public.http.responses import Overtaken, busy
from stories.queries.verification.consistent_view import consistent_view

View = TypeVar("View", bound=Callable[..., HttpResponse])

# Each retry means that something was published; nobody publishes faster than that.
MOST_TRIES: Final = 5


def retry_if_overtaken(view: View) -> View:
    """Retry a view if the data of its page changed while it was being read."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        for _time in range(MOST_TRIES):
            try:
                return view(request, *args, **kwargs)
            except Overtaken:
                continue
        return busy(1, at=timezone.now())

    return cast(View, wrapper)


def consistent(view: View) -> View:
    """Let all queries of a view read the database as of one moment."""

    @retry_if_overtaken
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with consistent_view():
            return view(request, *args, **kwargs)

    return cast(View, wrapper)

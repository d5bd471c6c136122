"""The pages of what can't be answered: refused, not there, not readable, or a fault on our side.

Those of a fault ask nothing of what may be broken.
"""

from __future__ import annotations

import sys
from typing import Final

from django.contrib import admin
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.public.views.site import unknown

# In how many seconds to ask again while the database is away or busy.
RETRY_AFTER: Final = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a view that failed: 503 if the database did not do its part, 500 for any other fault."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        response = unavailable(request)
        response.database_lost = _is_of_the_connection(error)  # type: ignore[attr-defined]
        return response
    return HttpResponse(_page("500.html", request), status=500)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer who may not do or see something: 403, with the sentence of who refused."""
    sentence = str(exception) or _(
        "It belongs to a role that you do not have. Ask a managing editor if you need it."
    )
    if _at_the_desk(request):
        return _desk_page(
            request, "admin/403.html", _("This page is not open to you"), 403, sentence=sentence
        )
    return HttpResponse(_page("403.html", request, again=False, sentence=sentence), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that there is nothing at an address: 404, in the frame of the door that was asked."""
    if _at_the_desk(request):
        return _desk_page(request, "admin/404.html", _("There is nothing at this address"), 404)
    return unknown(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that a request could not be read: 400. What it says of itself is not repeated."""
    return HttpResponse(_page("400.html", request), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to a form that was opened under another sign-in: 403, and the way back to what was typed."""
    return HttpResponse(_page("403_csrf.html", request), status=403)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the database can't be asked just now. Who was writing is told the way back to what they typed."""
    response = HttpResponse(_page("503.html", request), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def lost_the_database(response: HttpResponseBase) -> bool:
    """Return whether a request failed since its connection to the database was lost, or could not be made."""
    return bool(getattr(response, "database_lost", False))


def _page(template: str, request: HttpRequest, *, again: bool = True, **context: str) -> str:
    desk = reverse("admin:index")
    at_the_desk = request.path.startswith(desk)
    ways = {
        "again": request.get_full_path() if at_the_desk and again else "",
        "desk": desk if at_the_desk else "",
    }
    return loader.get_template(template).render({**ways, **context})


def _at_the_desk(request: HttpRequest) -> bool:
    """Return whether somebody of the house asked for a page of the admin, so that its frame may be shown."""
    user = getattr(request, "user", None)
    return (
        request.path.startswith(reverse("admin:index"))
        and user is not None
        and admin.site.has_permission(request)
    )


def _desk_page(request: HttpRequest, template: str, title: str, status: int, **context: str) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}
    return HttpResponse(loader.get_template(template).render({**frame, **context}, request), status=status)


def _is_of_the_connection(error: Exception) -> bool:
    """Return whether a driver's error tells of the connection, and not of a lock or of a statement that took too long.

    PostgreSQL's classes 08 and 57P are of connections; an error without a class never came from a server.
    """
    # SQLite's errors have no classes, and no connection that could be lost.
    state: str | None = getattr(error.__cause__, "sqlstate", "")
    return state is None or state.startswith(("08", "57P"))

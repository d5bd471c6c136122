"""The pages of a fault on our side. They ask nothing of what may be broken."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.urls import reverse

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


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the database can't be asked just now. Who was writing is told the way back to what they typed."""
    response = HttpResponse(_page("503.html", request), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def lost_the_database(response: HttpResponseBase) -> bool:
    """Return whether a request failed since its connection to the database was lost, or could not be made."""
    return bool(getattr(response, "database_lost", False))


def _page(template: str, request: HttpRequest) -> str:
    again = request.path if request.path.startswith(reverse("admin:index")) else ""
    return loader.get_template(template).render({"again": again})


def _is_of_the_connection(error: Exception) -> bool:
    """Return whether a driver's error tells of the connection, and not of a lock or of a statement that took too long.

    PostgreSQL's classes 08 and 57P are of connections; an error without a class never came from a server.
    """
    # SQLite's errors have no classes, and no connection that could be lost.
    state: str | None = getattr(error.__cause__, "sqlstate", "")
    return state is None or state.startswith(("08", "57P"))

"""Forms that a script sends: their page stays where it is. A header says so, and whose page it is."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

HEADER: Final = "X-Save-In-Place"


def is_in_place(request: HttpRequest) -> bool:
    """Return whether the page that sent a form stays."""
    return request.method == "POST" and HEADER in request.headers


def is_of_another_user(request: HttpRequest) -> bool:
    """Return whether a form was sent from a page of somebody else than who is signed in now."""
    return is_in_place(request) and request.headers[HEADER] != str(request.user.pk)

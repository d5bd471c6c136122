"""Addresses that no longer or never existed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.public.http.missing import address_with_query, missing
from stories.public.http.responses import moved, not_found


@require_safe
def elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """Redirect from where an imported story once was, or from an address that lacks its closing slash."""
    if not path.endswith("/"):
        # APPEND_SLASH does nothing here, since this pattern matches every address.
        try:
            known = resolve(f"{request.path_info}/").func is not elsewhere
        except Resolver404:
            known = False
        if known:
            return moved(address_with_query(request, f"{request.path}/"))
    return missing(request, at=timezone.now())


def unknown(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the 404 page for an address that no part of the site knows."""
    return not_found(at=timezone.now())

"""What belongs to the site rather than to a story: its health, and addresses that are no longer or never were."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.public.http.missing import address_with_query, missing
from stories.public.http.responses import moved, not_found


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers; 503, by whoever handles its error, while it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = HttpResponse("ok\n", content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """The way from where an imported story once stood, or from an address that lacks its closing slash."""
    if not path.endswith("/"):
        # Django's own way is closed: this pattern matches everything, so that no address looks wrong to it.
        try:
            known = resolve(f"{request.path_info}/").func is not elsewhere
        except Resolver404:
            known = False
        if known:
            return moved(address_with_query(request, f"{request.path}/"))
    return missing(request, at=timezone.now())


def unknown(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to any address that no door knows."""
    return not_found(at=timezone.now())

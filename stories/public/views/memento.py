"""Memento (RFC 7089, pattern 2.1): the version of a story that was in force at a time."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.domain.memento import (
    LINK_FORMAT,
    Memento,
    Original,
    in_force,
    read_time,
    timegate_links,
    timemap as timemap_of,
)
from stories.public.http.consistency import consistent
from stories.public.http.missing import missing, missing_story
from stories.public.http.responses import LIVE, SETTLED
from stories.public.pages.mementos import memento_of, original_of
from stories.queries.publishing.versions import versions
from stories.queries.site.live_pages import live_page


@require_safe
@consistent
def timegate(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the version in force at Accept-Datetime; 400 if the date can't be read."""
    at = timezone.now()
    found = _mementos(slug, at)
    if found is None:
        return _vary(missing_story(request, slug, at=at))
    original, mementos = found
    asked = request.headers.get("Accept-Datetime", "").strip()
    when = read_time(asked) if asked else None
    if asked and when is None:
        message = _("Accept-Datetime is “%(asked)s”; write it as in “Mon, 02 Mar 2026 09:00:00 GMT”.\n")
        refusal = HttpResponse(
            message % {"asked": asked}, status=400, content_type="text/plain; charset=utf-8"
        )
        refusal["Cache-Control"] = "no-store"
        return _vary(refusal)
    chosen = in_force(mementos, when)
    response = HttpResponse(status=302)
    response["Location"] = mementos[chosen].address
    response["Link"] = timegate_links(original, mementos, chosen)
    response["Cache-Control"] = LIVE
    return _vary(response)


@require_safe
@consistent
def timemap(request: HttpRequest, slug: str) -> HttpResponse:
    """List every version of a story, in link-format."""
    at = timezone.now()
    found = _mementos(slug, at)
    if found is None:
        return missing_story(request, slug, at=at)
    response = HttpResponse(timemap_of(*found), content_type=LINK_FORMAT)
    response["Cache-Control"] = SETTLED
    return response


@require_safe
def timegate_of_address(request: HttpRequest, address: str) -> HttpResponseBase:
    """Answer as the TimeGate, for clients that append the whole address of a story."""
    slug = _slug_of(address)
    return timegate(request, slug) if slug else _vary(missing(request, at=timezone.now()))


@require_safe
def timemap_of_address(request: HttpRequest, address: str) -> HttpResponseBase:
    """Answer as the TimeMap, for clients that append the whole address of a story."""
    slug = _slug_of(address)
    return timemap(request, slug) if slug else missing(request, at=timezone.now())


def _mementos(slug: str, at: datetime) -> tuple[Original, list[Memento]] | None:
    page = live_page(slug, at=at)
    found = versions(page.article_id, at=at) if page is not None else []
    if page is None or not found:
        return None
    return original_of(page), [memento_of(each, slug=page.slug) for each in reversed(found)]


def _slug_of(address: str) -> str:
    """Return the slug of the story or page at one of our absolute addresses, else ""."""
    scheme, colon, rest = address.partition(":")
    # Some servers replace two slashes by one.
    parts = urlsplit(f"{scheme}://{rest.lstrip('/')}") if colon else urlsplit("")
    if parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return ""
    try:
        match = resolve(parts.path if parts.path.endswith("/") else f"{parts.path}/")
    except Resolver404:
        return ""
    return str(match.kwargs["slug"]) if match.view_name in ("public:story", "public:page") else ""


def _vary(response: HttpResponse) -> HttpResponse:
    response["Vary"] = "Accept-Datetime"
    return response

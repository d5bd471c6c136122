"""Responses for addresses without a live story: a redirect to where it is, the notice of its withdrawal, or 404."""

from __future__ import annotations

import re
from datetime import datetime
from string import printable
from typing import Final
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from stories.domain.text.slugs import normal_slug
from stories.public.http.gone import gone
from stories.public.http.responses import Overtaken, moved, not_found
from stories.queries.publishing.versions import old_address_target
from stories.queries.publishing.withdrawals import withdrawal_at, withdrawal_in_force
from stories.queries.site.live_pages import live_page
from stories.queries.verification.consistent_view import consistent_view

# What remains in a decoded path of bytes that are no UTF-8, or of double encoding.
_STILL_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")


@consistent_view()
def missing_story(request: HttpRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Return the notice if the slug's story is withdrawn, else what `missing` returns. One query more or two.

    Call it for a slug at which no story was live just now. Raise Overtaken if one is live again.
    """
    withdrawal = withdrawal_at(slug, at=at)
    if withdrawal:
        return gone(withdrawal, at=at)
    if live_page(slug, at=at) is not None:
        raise Overtaken
    return missing(request, at=at)


@consistent_view()
def missing(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Redirect to the story that had this address before it was imported, or show its notice; else return the 404 page.

    An address with capitals, or in another Unicode form, redirects to the normal one. One that can't be decoded does
    not, since it would only be encoded once more.

    Two queries.
    """
    path = request.path_info
    if "\x00" in path:
        return not_found(at=at)
    response = moved_story(request, at=at)
    if response is not None:
        return response
    # Redirect whether or not the normal address exists, so that this response does not reveal it.
    normal = normal_slug(path.lower())
    if normal != path and not _STILL_ENCODED.search(path):
        return moved(address_with_query(request, normal))
    return not_found(at=at)


@consistent_view()
def moved_story(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Redirect to the story that had this query before its import, as WordPress’s `/?p=1`; return None if none had.

    One query, or two.
    """
    query = request.META.get("QUERY_STRING", "")
    if "\x00" in unquote(query):
        return None
    place = old_address_target(request.path_info, query, at=at)
    if place is None:
        return None
    if place.slug:
        return moved(reverse("public:story", args=[place.slug]))
    withdrawal = withdrawal_in_force(place.article_id)
    return gone(withdrawal, at=at) if withdrawal else None


def address_with_query(request: HttpRequest, path: str) -> str:
    """Return a path as an address of this site, with the request's query."""
    # Two slashes at the start would lead to another host.
    address = escape_leading_slashes(escape_uri_path(path))
    # WSGI servers pass each byte as one character; encoding those as UTF-8 would change them.
    query = quote(request.META.get("QUERY_STRING", "").encode("latin-1"), safe=printable)
    return f"{address}{'?' if query else ''}{query}"

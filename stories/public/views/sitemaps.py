"""Sitemaps, the news sitemap and robots.txt, for crawlers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.public.http.cached_lists import cached_list
from stories.public.http.consistency import consistent
from stories.public.http.missing import missing
from stories.public.http.responses import SETTLED, absolute, address_of, conditional
from stories.queries.site.sitemaps import news_since, sitemap_page, sitemap_pages

XML: Final = "application/xml; charset=utf-8"
# News sitemaps may list stories of the last two days.
NEWS_DAYS: Final = timedelta(days=2)


@require_safe
@cached_list
def index(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """List the sitemaps. Two queries."""
    pages = [
        absolute(reverse("public:sitemap_page", args=[number]))
        for number in range(1, sitemap_pages(at=at) + 1)
    ]
    return _xml(request, "stories/public/sitemap_index.xml", {"pages": pages}, at=at)


@require_safe
@cached_list
def page(request: HttpRequest, number: int, *, at: datetime) -> HttpResponse:
    """Serve a page of the sitemap: addresses of live stories, with when readers were last told of a change."""
    found = sitemap_page(number, at=at)
    if found is None:
        return missing(request, at=at)
    entries = [(absolute(address_of(version)), version.updated_at) for version in found]
    return _xml(request, "stories/public/sitemap.xml", {"entries": entries}, at=at)


@require_safe
@consistent
def news(request: HttpRequest) -> HttpResponse:
    """Serve the stories of the last two days, for news crawlers. One query."""
    at = timezone.now()
    stories = news_since(at - NEWS_DAYS, at=at)
    entries = [(absolute(address_of(version)), version) for version in stories]
    context = {"entries": entries, "site_name": settings.SITE_NAME}
    return _xml(request, "stories/public/news_sitemap.xml", context, at=at)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Serve robots.txt: where crawlers need not go, and where the sitemaps are. No query."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('public:search')}",
        "",
        *(f"Sitemap: {absolute(reverse(name))}" for name in ("public:sitemap", "public:news_sitemap")),
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    return conditional(request, response, at=timezone.now(), cache_control=SETTLED)


def _xml(request: HttpRequest, template: str, context: Mapping[str, object], *, at: datetime) -> HttpResponse:
    content = render_to_string(template, context).strip() + "\n"
    return conditional(request, HttpResponse(content, content_type=XML), at=at, cache_control=SETTLED)

"""Compare any two versions of a story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.text.whole_number import whole_number
from stories.public.http.budget import BudgetExhausted
from stories.public.http.consistency import retry_if_overtaken
from stories.public.http.missing import missing, missing_story
from stories.public.http.responses import address_of, busy, moved, respond_cached
from stories.public.http.tombstone import tombstone_at
from stories.public.pages.fragments import rendered_comparison
from stories.public.pages.story_page import current_versions
from stories.queries.site.live_pages import live_page


@require_safe
@retry_if_overtaken
def compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Show what changed from version `old` to version `new`, word by word. One query if it is cached."""
    at = timezone.now()
    page = live_page(slug, at=at)
    if page is None:
        return missing_story(request, slug, at=at)
    if not (1 <= old <= page.number and 1 <= new <= page.number):
        return missing(request, at=at)
    if old == new:
        return moved(reverse("public:version", args=[page.slug, new]))
    # The older version is always on the left: one address, and one cached page, for each pair.
    address = reverse("public:compare", args=[page.slug, min(old, new), max(old, new)])
    if page.slug != slug or old > new:
        return moved(address)
    withheld = tombstone_at(page, old, at=at) or tombstone_at(page, new, at=at)
    if withheld is not None:
        return withheld

    def make() -> tuple[Mapping[str, Any], Mapping[str, str]]:
        found = current_versions(page, at=at)
        context = {
            "old": found[-old],
            "new": found[-new],
            "live": found[0],
            "rendered": rendered_comparison(found[-old], found[-new]),
            "story_address": address_of(found[0]),
            "canonical": address,
            "earlier": reverse("public:compare", args=[page.slug, old - 1, old]) if old > 1 else "",
            "later": reverse("public:compare", args=[page.slug, new, new + 1]) if new < page.number else "",
        }
        return context, {}

    try:
        return respond_cached(
            request, "stories/public/compare.html", page, make, at=at, part=f"{old}...{new}"
        )
    except BudgetExhausted as exhausted:
        return busy(exhausted.wait, at=at)


@require_safe
@retry_if_overtaken
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect from the form that picks two versions to their comparison; to the list if they make no pair."""
    at = timezone.now()
    live = live_page(slug, at=at)
    if live is None:
        return missing_story(request, slug, at=at)
    old, new = (whole_number(request.GET.get(name, "")) or 0 for name in ("from", "to"))
    if 1 <= old <= live.number and 1 <= new <= live.number and old != new:
        return HttpResponseRedirect(reverse("public:compare", args=[live.slug, min(old, new), max(old, new)]))
    return HttpResponseRedirect(reverse("public:versions", args=[live.slug]))

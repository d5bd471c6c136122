"""What changed between any two versions of a story."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.purging import story_key
from stories.public.budget import Spent
from stories.public.fragments import rendered_comparison
from stories.public.missing import missing_story
from stories.public.responses import SETTLED, address_of, busy, changed_at, moved, respond
from stories.public.withheld import tombstone
from stories.queries import versions as queries
from stories.queries.versions import live_version


@require_safe
def compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """What changed from version `old` to version `new`, word by word."""
    at = timezone.now()
    live = live_version(slug, at=at)
    if live is None or not (1 <= old <= live.number and 1 <= new <= live.number):
        return missing_story(request, slug, at=at)
    if old == new:
        return moved(reverse("public:version", args=[live.slug, new]))
    # The older side is always the left one: one address, and one kept fragment, a pair.
    address = reverse("public:compare", args=[live.slug, min(old, new), max(old, new)])
    if live.slug != slug or old > new:
        return moved(address)
    found = queries.versions(live.article_id, at=at)
    if not found:
        # Withdrawn since this request began.
        return missing_story(request, slug, at=at)
    for side in (found[-old], found[-new]):
        if side.withheld:
            return tombstone(side.publication_id, side.article_id, live.slug, at=at, number=side.number)
    try:
        rendered = rendered_comparison(found[-old], found[-new])
    except Spent as spent:
        return busy(spent.wait, at=at)
    context = {
        "old": found[-old],
        "new": found[-new],
        "live": live,
        "rendered": rendered,
        "story_address": address_of(live),
        "canonical": address,
        "earlier": reverse("public:compare", args=[live.slug, old - 1, old]) if old > 1 else "",
        "later": reverse("public:compare", args=[live.slug, new, new + 1]) if new < live.number else "",
    }
    return respond(
        request,
        "stories/public/compare.html",
        context,
        at=at,
        keep=SETTLED,
        changed_at=changed_at(found[-new]),
        keys=(story_key(live.article_id),),
    )


@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """From the form that picks two versions to their comparison; to the list where they make no pair."""
    at = timezone.now()
    live = live_version(slug, at=at)
    if live is None:
        return missing_story(request, slug, at=at)
    old, new = (_number(request.GET.get(name, "")) for name in ("from", "to"))
    if 1 <= old <= live.number and 1 <= new <= live.number and old != new:
        return HttpResponseRedirect(reverse("public:compare", args=[live.slug, min(old, new), max(old, new)]))
    return HttpResponseRedirect(reverse("public:versions", args=[live.slug]))


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0

"""The story itself, as it is live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.snapshot import StoryKind
from stories.public.fragments import rendered_story
from stories.public.missing import missing_story
from stories.public.responses import address_of, moved, respond
from stories.queries.versions import live_version


@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """The live story; a redirect to it from every slug it had. One query, once its HTML is kept."""
    return _live(request, slug, StoryKind.STORY)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the site, such as its corrections policy: a story in all but its place."""
    return _live(request, slug, StoryKind.PAGE)


def _live(request: HttpRequest, slug: str, kind: StoryKind) -> HttpResponse:
    at = timezone.now()
    version = live_version(slug, at=at)
    if version is None:
        return missing_story(request, slug, at=at)
    address = address_of(version)
    if (version.slug, version.kind) != (slug, kind):
        return moved(address)
    changes = ""
    if version.number > 1:
        changes = reverse("public:compare", args=[version.slug, version.number - 1, version.number])
    context = {
        "version": version,
        "rendered": rendered_story(version),
        "canonical": address,
        "changes": changes,
    }
    # The banner comes and goes between versions: while it stands, the time of the version says too little.
    changed_at = None if version.developing_until else version.live_from
    return respond(request, "stories/public/story.html", context, at=at, changed_at=changed_at)

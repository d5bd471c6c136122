"""Lists of stories, and of corrections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.snapshot import WEIGHTY_NOTES
from stories.public.missing import missing
from stories.public.responses import address_of, respond
from stories.queries.versions import live_stories, recent_notes
from stories.rendering.notes import NOTE_LABELS

FRONT_STORIES = 60
LISTED_STORIES = 200
LISTED_NOTES = 200


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page: the newest story large, the others below."""
    at = timezone.now()
    stories = live_stories(at=at, limit=FRONT_STORIES)
    context = {"stories": stories, "canonical": reverse("public:front")}
    return respond(request, "stories/public/front.html", context, at=at)


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a section; one without live stories is as unknown as one that does not exist."""
    at = timezone.now()
    stories = live_stories(at=at, limit=LISTED_STORIES, section=slug)
    if not stories:
        return missing(request, at=at)
    context = {
        "stories": stories,
        "slug": slug,
        "name": stories[0].section_name,
        "canonical": reverse("public:section", args=[slug]),
    }
    return respond(request, "stories/public/section.html", context, at=at)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories that credit an author, under the name that the newest of them prints."""
    at = timezone.now()
    stories = live_stories(at=at, limit=LISTED_STORIES, author=slug)
    names = [name for author, name in stories[0].bylines if author == slug] if stories else []
    if not names:
        return missing(request, at=at)
    context = {"stories": stories, "name": names[0], "canonical": reverse("public:author", args=[slug])}
    return respond(request, "stories/public/author.html", context, at=at)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction, clarification and retraction of the site, newest first."""
    at = timezone.now()
    found = recent_notes(at=at, limit=LISTED_NOTES, kinds=WEIGHTY_NOTES)
    context = {
        "notes": [
            {
                "note": note,
                "label": NOTE_LABELS[note.kind],
                "version": version,
                "address": address_of(version),
            }
            for note, version in found
        ],
        "canonical": reverse("public:corrections"),
    }
    return respond(request, "stories/public/corrections.html", context, at=at)

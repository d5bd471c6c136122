"""Lists of stories: the front page, a section, an author."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from stories.domain.surrogate_keys import LISTS, author_key
from stories.public.http.cached_lists import cached_list
from stories.public.http.cursors import cursor, read_cursor
from stories.public.http.missing import missing, moved_story
from stories.public.http.responses import respond
from stories.public.pages.front import front_page
from stories.queries.publishing.versions import Version, live_stories
from stories.queries.site.author_page import author_page
from stories.rendering.story.profiles import render_profile

FRONT_STORIES: Final = 28
LISTED_STORIES: Final = 30

# When the last story of the previous page appeared, and its article's number; None for the first page.
Before = tuple[datetime, int] | None


class NoSuchPage(Exception):
    """The cursor in an address is none of ours."""


@require_safe
@cached_list
def front(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Show the front page: the newest story large, the next smaller, the rest by section; then pages of older ones."""
    if set(request.GET) - {"before"}:
        # Old sites' stories had this address and a number in the query.
        response = moved_story(request, at=at)
        if response is not None:
            return response
    try:
        before = _before(request)
    except NoSuchPage:
        return missing(request, at=at)
    limit = LISTED_STORIES if before else FRONT_STORIES
    stories = live_stories(at=at, limit=limit + 1, before=before)
    if before and not stories:
        return missing(request, at=at)
    context = _page_context(reverse("public:front"), stories, limit, request)
    if before:
        return respond(request, "stories/public/older.html", context, at=at)
    return respond(
        request, "stories/public/front.html", {**context, "front": front_page(stories[:limit])}, at=at
    )


@require_safe
@cached_list
def section(request: HttpRequest, slug: str, *, at: datetime) -> HttpResponse:
    """List the stories of a section. One without live stories is not found, like one that does not exist."""
    try:
        stories = live_stories(at=at, limit=LISTED_STORIES + 1, section=slug, before=_before(request))
    except NoSuchPage:
        return missing(request, at=at)
    if not stories:
        return missing(request, at=at)
    context = {
        **_page_context(reverse("public:section", args=[slug]), stories, LISTED_STORIES, request),
        "slug": slug,
        "name": stories[0].section_name,
    }
    return respond(request, "stories/public/section.html", context, at=at)


@require_safe
@cached_list
def author(request: HttpRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Show an author's profile and stories, under the name that the newest of them prints."""
    try:
        stories, profile = author_page(slug, at=at, limit=LISTED_STORIES + 1, before=_before(request))
    except NoSuchPage:
        return missing(request, at=at)
    names = [name for author, name in stories[0].bylines if author == slug] if stories else []
    if not names:
        return missing(request, at=at)
    context = {
        **_page_context(reverse("public:author", args=[slug]), stories, LISTED_STORIES, request),
        "name": names[0],
    }
    if not context["newest"]:
        context["profile"] = render_profile(profile, slug=slug, name=names[0])
    return respond(request, "stories/public/author.html", context, at=at, keys=(LISTS, author_key(slug)))


def _before(request: HttpRequest) -> Before:
    cursor_text = request.GET.get("before", "")
    if not cursor_text:
        return None
    found = read_cursor(cursor_text, numbers=1)
    if found is None:
        raise NoSuchPage
    return found[0], found[1][0]


def _page_context(
    address: str, stories: Sequence[Version], limit: int, request: HttpRequest
) -> dict[str, Any]:
    """Return the context of a page of stories. If there are older ones, `stories` holds one more than `limit`."""
    cursor_text = request.GET.get("before", "")
    shown, older = stories[:limit], ""
    if len(stories) > limit:
        older = f"{address}?before={cursor(shown[-1].first_live_from, shown[-1].article_id)}"
    return {
        "stories": shown,
        "older": older,
        "newest": address if cursor_text else "",
        "canonical": f"{address}?before={cursor_text}" if cursor_text else address,
    }

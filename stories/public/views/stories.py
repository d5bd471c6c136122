"""The page of a live story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.memento import story_links
from stories.domain.snapshot import StoryKind
from stories.public.http.consistency import retry_if_overtaken
from stories.public.http.missing import missing_story
from stories.public.http.responses import Overtaken, address_of, live_for, moved, respond_cached
from stories.public.http.tombstone import tombstone
from stories.public.pages.mementos import original_of
from stories.public.pages.story_page import story_page
from stories.queries.publishing.versions import version_of
from stories.queries.site.live_pages import live_page


@require_safe
@retry_if_overtaken
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the live story, or redirect to it from any slug it had. One query if its HTML is cached."""
    return _live(request, slug, StoryKind.STORY)


@require_safe
@retry_if_overtaken
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page of the site, such as its corrections policy: a story in all but its place."""
    return _live(request, slug, StoryKind.PAGE)


def _live(request: HttpRequest, slug: str, kind: StoryKind) -> HttpResponse:
    at = timezone.now()
    page = live_page(slug, at=at)
    if page is None:
        return missing_story(request, slug, at=at)
    if (page.slug, page.kind) != (slug, kind):
        return moved(address_of(page))
    if page.withheld:
        return tombstone(page.publication_id, page.article_id, page.slug, at=at)

    def make() -> tuple[Mapping[str, Any], Mapping[str, str]]:
        version = version_of(page.publication_id, at=at)
        if version is None or version.withheld:
            raise Overtaken
        context = story_page(version, at=at, was_down=page.withdrawals > 0)
        return context, {"Link": story_links(original_of(page))}

    return respond_cached(
        request,
        "stories/public/story.html",
        page,
        make,
        at=at,
        cache_control=live_for(page.pending_from, at=at),
    )

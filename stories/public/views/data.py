"""The live version of a story as JSON, and the schema that documents it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.surrogate_keys import story_key
from stories.public.http.consistency import retry_if_overtaken
from stories.public.http.missing import missing_story
from stories.public.http.responses import SETTLED, conditional, moved
from stories.public.http.tombstone import tombstone
from stories.public.pages.fragments import story_as_json
from stories.queries.publishing.versions import live_version
from stories.rendering.story.story_json import schema_text


@require_safe
@retry_if_overtaken
def story_data(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the live version as JSON. One query if it is cached."""
    at = timezone.now()
    version = live_version(slug, at=at)
    if version is None:
        return missing_story(request, slug, at=at)
    if version.slug != slug:
        return moved(reverse("public:story_data", args=[version.slug]))
    if version.withheld:
        return tombstone(version.publication_id, version.article_id, version.slug, at=at)
    response = HttpResponse(story_as_json(version), content_type="application/json")
    # The data is public, so other sites' scripts may read it.
    response["Access-Control-Allow-Origin"] = "*"
    # Withholdings change between versions.
    changed_at = None if version.mask.words or version.mask.pictures else version.live_from
    keys = (story_key(version.article_id),)
    return conditional(request, response, at=at, changed_at=changed_at, keys=keys)


@require_safe
def story_schema(request: HttpRequest) -> HttpResponse:
    """Serve the JSON Schema of a story's data."""
    response = HttpResponse(schema_text(), content_type="application/schema+json")
    response["Access-Control-Allow-Origin"] = "*"
    return conditional(request, response, at=timezone.now(), cache_control=SETTLED)

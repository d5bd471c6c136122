"""The page in place of a version that is withheld or erased: a notice, and not a word of the version."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from stories.domain.surrogate_keys import story_key
from stories.public.http.chrome import fresh_site_chrome
from stories.public.http.responses import Overtaken, tags
from stories.queries.publishing.versions import versions
from stories.queries.publishing.withholdings import tombstone_of
from stories.queries.site.live_pages import LivePage
from stories.rendering.tidy import tidy_html

# The withholding may be lifted: caches ask again within a minute, as for a live page.
HIDDEN: Final = "public, max-age=60"


def tombstone(
    publication_id: int, article_id: int, slug: str, *, at: datetime, number: int = 0
) -> HttpResponse:
    """Return the page in place of a version: 403 if it is withheld, 410 if it is erased. Seven queries.

    `number` is the version's if its own address was requested, 0 for the live page.
    """
    found = tombstone_of(publication_id)
    if found is None:
        # The withholding was lifted since this request began.
        raise Overtaken
    context = {
        # The stored header may name what is withheld for another minute.
        **fresh_site_chrome(at).context,
        "tombstone": found,
        "number": number,
        "versions": reverse("public:versions", args=[slug]),
    }
    status = 410 if found.erased else 403
    response = HttpResponse(
        tidy_html(render_to_string("stories/public/withheld.html", context)), status=status
    )
    response["Cache-Control"] = HIDDEN
    response["X-Robots-Tag"] = "noindex"
    for name, value in tags((story_key(article_id),)).items():
        response[name] = value
    return response


def tombstone_at(page: LivePage, number: int, *, at: datetime) -> HttpResponse | None:
    """Return the page in place of version `number` of a live story, None if readers see the version.

    No query if nothing of the story is withheld.
    """
    found = versions(page.article_id, at=at) if page.masked else []
    if len(found) < number or not found[-number].withheld:
        return None
    return tombstone(found[-number].publication_id, page.article_id, page.slug, at=at, number=number)

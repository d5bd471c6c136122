"""The page in place of a withdrawn story: the notice, and not a word of the story."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.template.loader import render_to_string

from stories.domain.snapshot import StoryKind
from stories.models import Withdrawal
from stories.public.http.chrome import fresh_site_chrome
from stories.queries.publishing.withholdings import prefetched_mask
from stories.rendering.tidy import tidy_html

# A story may be reinstated: caches ask again within a minute, as for a live one.
GONE: Final = "public, max-age=60"


def gone(withdrawal: Withdrawal, *, at: datetime) -> HttpResponse:
    """Return the 410 page with a withdrawal's notice, without withheld words. Two queries."""
    # The stored header may name what was taken down for another minute.
    context = {
        **fresh_site_chrome(at).context,
        "notice": prefetched_mask(withdrawal.article).text(withdrawal.notice),
        "withdrawn_at": withdrawal.recorded_at,
        "is_page": withdrawal.article.kind == StoryKind.PAGE,
    }
    response = HttpResponse(tidy_html(render_to_string("stories/public/withdrawn.html", context)), status=410)
    response["Cache-Control"] = GONE
    return response

"""Answer requests for stories before sessions and sign-in are looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from stories.domain.text.slugs import IN_ADDRESS
from stories.public.views.stories import story

# The address of a story as in `urls`, which handles all other requests for it.
_STORY: Final = re.compile(rf"/stories/({IN_ADDRESS})/")


class StoryPageMiddleware:
    """Middleware that answers requests for a story's page, and passes on all others.

    It comes before sessions, sign-in, messages and CSRF: a story's page is the same for everybody, and those would take
    longer than the page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _STORY.fullmatch(request.path_info) if request.method == "GET" else None
        if found is None:
            return self._get_response(request)
        response = story(request, slug=found[1])
        # Without it, the server uses chunked encoding.
        response["Content-Length"] = str(len(response.content))
        return response
